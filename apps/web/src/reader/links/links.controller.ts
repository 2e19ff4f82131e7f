import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClickCounter } from '#feedback/clicks/click-counter.js';
import { LinkTargets } from '#feedback/clicks/link-targets.js';
import { notFound } from '#kernel/errors/errors.js';
import { guardToken } from '../../http/reply.js';
import { isPrefetch, visitorOf } from './visitor.js';

/**
 * The links of editions' mails, for everyone: a redirect to what was fixed when the edition was frozen, and to nothing else. GET and HEAD
 * are answered alike. No cookie is set, nothing of the client is stored.
 */
@Controller('l/:token')
export class LinksController {
  constructor(
    private readonly targets: LinkTargets,
    private readonly counter: ClickCounter,
  ) {}

  @Get()
  async follow(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    guardToken(reply);
    const target = await this.targets.find(token);
    if (!target) throw notFound('link');
    if (isPrefetch(request)) {
      // Not followed yet: so the browser asks again when it is, and that is the click.
      await reply.status(503).send();
      return;
    }
    await this.counter.link(target, request.method, visitorOf(request));
    await reply.redirect(target.url, 302);
  }
}
