import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ADMIN_FOLDER } from './admin-files.js';

const NOT_BUILT = 'The operator pages are not built. Run `npm run build`, then load this page again.\n';

/** The operator UI: one page for every path under /admin, but for what it loads. */
@Controller('admin')
export class AdminController {
  /** The browser shows the page that fits the path. Read each time, so that a new build shows at once. */
  @Get(['', '*'])
  page(@Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', 'no-store');
    if (existsSync(join(ADMIN_FOLDER, 'index.html'))) {
      const options = { cacheControl: false, etag: false, lastModified: false, acceptRanges: false };
      void reply.sendFile('index.html', ADMIN_FOLDER, options);
    } else {
      void reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT);
    }
  }
}
