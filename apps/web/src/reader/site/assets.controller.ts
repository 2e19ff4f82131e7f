import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '#kernel/errors/errors.js';
import { asset } from '../page/assets.js';

const FOR_EVER = 'public, max-age=31536000, immutable';
const AN_HOUR = 'public, max-age=3600';

const ROBOTS = `User-agent: *
Disallow: /admin
Disallow: /api/
Disallow: /mailbox
`;

/** Style sheet, script and icon of the pages. */
@Controller()
export class AssetsController {
  @Get('assets/:name')
  async file(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('name') name: string,
    @Query('v') version: string | undefined,
  ): Promise<void> {
    const found = asset(name);
    if (!found) throw notFound('file');
    const etag = `"${found.hash}"`;
    void reply
      .header('ETag', etag)
      .header('Cache-Control', version === found.hash ? FOR_EVER : AN_HOUR)
      .type(found.type);
    if (request.headers['if-none-match'] === etag) await reply.status(304).send();
    else await reply.send(found.body);
  }

  /** Browsers that ignore the icon of the page look here. */
  @Get('favicon.ico')
  async icon(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('Cache-Control', AN_HOUR).type('image/svg+xml').send(asset('favicon.svg')?.body);
  }

  @Get('robots.txt')
  async robots(@Res() reply: FastifyReply): Promise<void> {
    await reply.header('Cache-Control', AN_HOUR).type('text/plain; charset=utf-8').send(ROBOTS);
  }
}
