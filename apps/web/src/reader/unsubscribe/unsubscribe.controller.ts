import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { ClickCounter } from '#feedback/clicks/click-counter.js';
import { visitorOf } from '../links/visitor.js';
import { UnsubscribePages } from './unsubscribe-pages.js';

/** Shows the page of an unsubscribe link; only its POST ends anything (see UnsubscribeRoutes). */
@Controller('unsubscribe/:token')
export class UnsubscribeController {
  constructor(
    private readonly unsubscribes: UnsubscribeService,
    private readonly pages: UnsubscribePages,
    private readonly clicks: ClickCounter,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    const { state, subscriber } = await this.unsubscribes.peek(token);
    if (state !== 'invalid') await this.clicks.page('unsubscribe', visitorOf(request));
    await this.pages.send(request, reply, state, subscriber);
  }
}
