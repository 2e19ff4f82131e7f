import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Config } from '#kernel/config.js';
import { DomainError } from '#kernel/errors.js';
import { ApiKeyService, type Caller as ApiCaller, type Role } from '#operators/api-key.service.js';
import { SessionService } from '#operators/session.service.js';
import { requireOwnPage, sessionToken } from '../session/session-cookie.js';
import { ENDPOINT_METADATA, type EndpointDocs } from './endpoint.js';

const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };

type WithCaller = FastifyRequest & { caller?: ApiCaller };

/** Lets a request to the operator API in by its bearer key, if the key's role allows what it asks. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly sessions: SessionService,
    private readonly reflector: Reflector,
    private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WithCaller>();
    const caller = await this.callerOf(request);
    const docs = this.reflector.get<EndpointDocs | undefined>(ENDPOINT_METADATA, context.getHandler());
    const needed =
      docs?.role ?? (request.method === 'GET' || request.method === 'HEAD' ? 'viewer' : 'editor');
    if (RANK[caller.role] < RANK[needed]) {
      throw new DomainError(
        'forbidden',
        `This needs a key with the role ${needed}; this key is a ${caller.role}'s.`,
      );
    }
    request.caller = caller;
    return true;
  }

  /** By bearer key, or by the session cookie of the operator UI. */
  private async callerOf(request: FastifyRequest): Promise<ApiCaller> {
    const token = sessionToken(request, this.config.baseUrl.startsWith('https:'));
    if (request.headers.authorization !== undefined || token === undefined) {
      return this.keys.authenticate(request.headers.authorization);
    }
    requireOwnPage(request);
    const who = await this.sessions.read(token);
    if (!who) throw new DomainError('unauthorized', 'The session has ended; sign in again.');
    return who;
  }
}

/** The caller of an operator API request. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): ApiCaller => {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (!caller) throw new DomainError('unauthorized', 'Send a valid API key: Authorization: Bearer KEY');
  return caller;
});

export function callerOf(request: FastifyRequest): ApiCaller | undefined {
  return (request as WithCaller).caller;
}
