import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClickCounter } from '#feedback/clicks/click-counter.js';
import { LinkTargets } from '#feedback/clicks/link-targets.js';
import { guardToken } from '../../http/reply.js';
import { isPrefetch, visitorOf } from './visitor.js';

/** A transparent GIF89a of one pixel. */
const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/**
 * The picture in the mails of readers who agreed to be measured. GET and HEAD are answered alike, and so is any token: a mail shows no broken picture,
 * and nobody learns which tokens there are.
 */
@Controller('o/:token')
export class PicturesController {
  constructor(
    private readonly targets: LinkTargets,
    private readonly counter: ClickCounter,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    guardToken(reply);
    const reader = this.targets.ofPicture(token);
    if (reader) await this.counter.picture(reader, request.method, visitorOf(request), isPrefetch(request));
    await reply
      // Mail programs on the web are other sites: a picture may be shown there.
      .header('Cross-Origin-Resource-Policy', 'cross-origin')
      .type('image/gif')
      .send(PICTURE);
  }
}
