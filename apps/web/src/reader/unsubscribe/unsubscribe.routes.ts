import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { ClickCounter } from '#feedback/clicks/click-counter.js';
import { visitorOf } from '../links/visitor.js';
import { isOneClick, READ_BYTES } from './one-click.js';
import { guardToken } from '../../http/reply.js';
import { UnsubscribePages } from './unsubscribe-pages.js';

type Link = FastifyRequest<{ Params: { token: string } }>;

/**
 * POST /unsubscribe/:token, in a scope of Fastify where nothing about a body can fail: whoever posts to a valid link
 * is unsubscribed, whatever they post. Nest's routes share the parsers that refuse bad bodies.
 */
@Injectable()
export class UnsubscribeRoutes implements OnApplicationBootstrap {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly unsubscribes: UnsubscribeService,
    private readonly pages: UnsubscribePages,
    private readonly clicks: ClickCounter,
  ) {}

  /** After Nest has set its error handler, which the scope then inherits. */
  async onApplicationBootstrap(): Promise<void> {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      // Fastify refuses a content type it cannot read before it looks for a parser.
      scope.addHook('onRequest', (request, _reply, next) => {
        request.raw.headers['content-type'] = 'application/octet-stream';
        next();
      });
      scope.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
        beginningOf(payload),
      );
      scope.post('/unsubscribe/:token', (request: Link, reply) => this.unsubscribe(request, reply));
      done();
    });
  }

  private async unsubscribe(request: Link, reply: FastifyReply): Promise<FastifyReply> {
    guardToken(reply);
    this.clicks.acted(visitorOf(request));
    const oneClick = Buffer.isBuffer(request.body) && isOneClick(request.body);
    const done = await this.unsubscribes.unsubscribe(request.params.token, {
      ip: request.ip,
      userAgent: request.headers['user-agent'] ?? null,
      method: oneClick ? 'one-click' : 'page',
    });
    const status = done.state === 'invalid' ? 404 : 200;
    if (oneClick) {
      const line = done.state === 'invalid' ? 'This is no unsubscribe link.' : 'Unsubscribed.';
      return reply.status(status).type('text/plain; charset=utf-8').send(`${line}\n`);
    }
    const shown = done.state === 'invalid' ? 'invalid' : 'done';
    await this.pages.send(request, reply, shown, done.subscriber);
    return reply;
  }
}

/** Reads the first bytes of a body and lets the rest go by. */
async function beginningOf(payload: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    if (length < READ_BYTES) chunks.push(chunk);
    length += chunk.length;
  }
  return Buffer.concat(chunks).subarray(0, READ_BYTES);
}
