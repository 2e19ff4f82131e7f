import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HookIntake, type KnownHook } from '#feedback/intake/hooks/hook-intake.js';
import { DomainError } from '#kernel/errors/errors.js';
import { HOOK_ROUTE } from '../door/body-limits.js';
import { RefusedHooks } from './refused-hooks.js';

type Link = FastifyRequest<{ Params: { transportId: string } }>;
type Call = Link & { hook?: KnownHook };

/**
 * POST /hooks/feedback/:transportId, for anybody: who a request is from is proved by its signature, or by the secret it bears. In a
 * scope of Fastify of its own, where bodies stay bytes, whatever their type: that is what is signed.
 */
@Injectable()
export class HookRoutes implements OnApplicationBootstrap {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly intake: HookIntake,
    private readonly refused: RefusedHooks,
  ) {}

  /** After Nest has set its error handler, which the scope then inherits. */
  async onApplicationBootstrap(): Promise<void> {
    const fastify = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    await fastify.register((scope, _options, done) => {
      scope.removeAllContentTypeParsers();
      scope.addHook('onRequest', (request) => this.admit(request as Call));
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, parsed) => parsed(null, body));
      scope.post(HOOK_ROUTE, (request: Link, reply) => this.take(request, reply));
      done();
    });
  }

  /** Before a byte of the body is read. */
  private async admit(request: Call): Promise<void> {
    await this.refused.refuseTooMany(request.ip);
    const hook = await this.intake.find(request.params.transportId);
    if (Number(request.headers['content-length'] ?? 0) > hook.maxBytes)
      throw new DomainError(
        'too_large',
        `The body is larger than the ${hook.maxBytes / 1024} KB that this provider sends.`,
      );
    request.hook = hook;
    // Fastify refuses a content type it cannot read before it looks for a parser.
    request.raw.headers['content-type'] = 'application/octet-stream';
  }

  private async take(request: Call, reply: FastifyReply): Promise<FastifyReply> {
    const [, query = ''] = request.url.split('?', 2);
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    try {
      const call = { headers: request.headers, body, query: new URLSearchParams(query) };
      await this.intake.take(request.hook as KnownHook, call);
    } catch (error) {
      if (error instanceof DomainError) await this.refused.count(request.ip);
      throw error;
    }
    return reply.type('text/plain; charset=utf-8').send('Taken.\n');
  }
}
