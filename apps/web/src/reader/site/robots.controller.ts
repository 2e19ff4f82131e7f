import { Controller, Get, Header, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ASSETS_FOLDER } from '../page/assets.js';

const AN_HOUR = 'public, max-age=3600';

const ROBOTS = `User-agent: *
Disallow: /admin
Disallow: /api/
Disallow: /mailbox
`;

/** What is looked for at the root of a site. */
@Controller()
export class RobotsController {
  /** Browsers that ignore the icon of the page look here. */
  @Get('favicon.ico')
  icon(@Res() reply: FastifyReply): void {
    void reply.header('Cache-Control', AN_HOUR);
    void reply.sendFile('favicon.svg', ASSETS_FOLDER, { cacheControl: false });
  }

  @Get('robots.txt')
  @Header('Cache-Control', AN_HOUR)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  robots(): string {
    return ROBOTS;
  }
}
