import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { UnsubscribePages } from './unsubscribe-pages.js';

/** Shows the page of an unsubscribe link; only its POST ends anything (see UnsubscribeRoutes). */
@Controller('unsubscribe/:token')
export class UnsubscribeController {
  constructor(
    private readonly unsubscribes: UnsubscribeService,
    private readonly pages: UnsubscribePages,
  ) {}

  @Get()
  async show(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Param('token') token: string,
  ): Promise<void> {
    const { state, subscriber } = await this.unsubscribes.peek(token);
    await this.pages.send(request, reply, state, subscriber);
  }
}
