import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { maskAddress } from '#kernel/input/mask-address.js';
import { Pages } from '../page/pages.js';
import { guardToken, sendPage } from '../../http/reply.js';

/** The page behind an unsubscribe link, in each of its states. */
@Injectable()
export class UnsubscribePages {
  constructor(private readonly pages: Pages) {}

  async send(
    request: FastifyRequest,
    reply: FastifyReply,
    state: 'ready' | 'already' | 'done' | 'invalid',
    subscriber: { email: string; locale: string } | undefined,
  ): Promise<void> {
    guardToken(reply);
    const context = await this.pages.context(request, subscriber?.locale);
    const page = this.pages.render(context, 'unsubscribe', {
      title: this.pages.text(context, `unsubscribe.${state}.title`),
      isPrivate: true,
      state,
      address: subscriber ? maskAddress(subscriber.email) : '',
    });
    await sendPage(reply, page, state === 'invalid' ? 404 : 200);
  }
}
