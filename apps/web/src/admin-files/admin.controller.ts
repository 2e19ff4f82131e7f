import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '#kernel/errors/errors.js';
import { AdminFiles } from './admin-files.js';

const FOR_EVER = 'public, max-age=31536000, immutable';
const NOT_BUILT = 'The operator pages are not built. Run `npm run build`, then load this page again.\n';

/** The operator UI: one page for every path under /admin, and what it loads. */
@Controller('admin')
export class AdminController {
  private readonly files = new AdminFiles();

  @Get('assets/:name')
  async asset(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('name') name: string,
  ): Promise<void> {
    const file = await this.files.asset(name);
    if (!file) throw notFound('file');
    void reply.header('Cache-Control', FOR_EVER).header('Vary', 'Accept-Encoding').type(file.type);
    const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    if (takesGzip) await reply.header('Content-Encoding', 'gzip').send(file.gzipped);
    else await reply.send(file.body);
  }

  /** The browser shows the page that fits the path. */
  @Get(['', '*'])
  async page(@Res() reply: FastifyReply): Promise<void> {
    const page = await this.files.page();
    void reply.header('Cache-Control', 'no-store');
    if (page) await reply.type('text/html; charset=utf-8').send(page);
    else await reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
  }
}
