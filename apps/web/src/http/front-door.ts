import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '#kernel/config.js';
import { DomainError, notFound } from '#kernel/errors.js';
import { ApiKeyService, type Caller, type Role } from '#operators/api-key.service.js';
import { GuessLimiter } from '#operators/guess-limiter.js';
import { mayDo, type Right } from '#operators/rights.js';
import { SessionService } from '#operators/session.service.js';
import { clientKey } from '../pages/client-key.js';
import { MailboxDoor } from '../machine/mailbox-door.js';
import { letAnyOriginRead } from '../pages/reply.js';
import { SignUpLimiter } from '../pages/sign-up-limiter.js';
import { requireOwnPage, sessionToken } from '../session/session-cookie.js';
import type { WithCaller } from './auth.guard.js';
import type { EndpointDocs } from './endpoint.js';
import { endpointsOf } from './endpoints.js';

const API = '/api/v1/';
const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };
/**
 * Calls without a valid key, by client, after which they are refused unlooked: a key has 192 random bits, so it is the work
 * that is bounded, not the guessing. Each process counts by itself.
 */
const REFUSED_CALLS = { points: 100, duration: 60 };
/** Posts that make us write a mail, whatever their body says. */
const SIGN_UP = '/subscribe';
const SIGN_IN = '/api/session';
const MAILBOX = /^\/mailbox(\/|$)/;

/**
 * Decides who comes in before a byte of the body is read (Fastify's `onRequest`): by key or session, right and rate. A body
 * costs memory and time to read, and whoever may not do what they ask shall not cost us that.
 */
@Injectable()
export class FrontDoor {
  private readonly refused = new RateLimiterMemory(REFUSED_CALLS);
  private needed: ReadonlyMap<string, EndpointDocs> | undefined;

  constructor(
    private readonly keys: ApiKeyService,
    private readonly sessions: SessionService,
    private readonly guesses: GuessLimiter,
    private readonly signUps: SignUpLimiter,
    private readonly mailbox: MailboxDoor,
    private readonly discovery: DiscoveryService,
    private readonly config: Config,
  ) {}

  /** Before the routes are added. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply) => this.check(request, reply));
  }

  private async check(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const route = request.routeOptions.url ?? '';
    if (route.startsWith(API)) (request as WithCaller).caller = await this.admit(request, route);
    else if (MAILBOX.test(route)) await this.admitToMailbox(request);
    else if (route === SIGN_UP && request.method === 'POST') {
      letAnyOriginRead(reply); // the embedded form has to read a refusal too
      await this.signUps.consume(request.ip);
    } else if (route === SIGN_IN && request.method === 'POST') {
      requireOwnPage(request);
      await this.guesses.insist(clientKey(request.ip));
    }
  }

  /** Its mails hold links that act for readers, so whoever may only look may not look here. */
  private async admitToMailbox(request: FastifyRequest): Promise<void> {
    if (!(await this.mailbox.isThere())) throw notFound('mailbox');
    if (this.mailbox.isOpenTo(request)) return;
    const { authorization, cookie } = request.headers;
    if (authorization === undefined && cookie === undefined) {
      throw new DomainError('unauthorized', 'Sign in at /admin first, or send an API key.');
    }
    atLeast('editor', await this.callerOf(request));
  }

  private async admit(request: FastifyRequest, route: string): Promise<Caller> {
    const caller = await this.callerOf(request);
    const { role, right } = this.neededFor(request.method, route);
    atLeast(role, caller);
    if (right && !mayDo(caller.role, right)) {
      throw new DomainError(
        'forbidden',
        `This needs the right "${right}", which the role ${caller.role} has not.`,
      );
    }
    return caller;
  }

  /** What a route needs; one that says nothing: a viewer to read, an editor to change. */
  private neededFor(method: string, route: string): { role: Role; right: Right | undefined } {
    this.needed ??= new Map(
      [...endpointsOf(this.discovery)].map((its) => [`${its.method} ${its.path}`, its.docs]),
    );
    const reads = method === 'GET' || method === 'HEAD';
    const docs = this.needed.get(`${reads ? 'GET' : method} ${route.replace(/\/$/, '')}`);
    return { role: docs?.role ?? (reads ? 'viewer' : 'editor'), right: docs?.right };
  }

  /** By bearer key, or by the session cookie of the operator UI. */
  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const client = clientKey(request.ip);
    const { authorization } = request.headers;
    const token = sessionToken(request, this.config.baseUrl.startsWith('https:'));
    if (!this.isFamiliar(authorization, token)) await this.refuseTooMany(client);
    try {
      if (authorization !== undefined || token === undefined)
        return await this.keys.authenticate(authorization);
      requireOwnPage(request);
      const who = await this.sessions.read(token);
      if (!who) throw new DomainError('unauthorized', 'The session has ended; sign in again.');
      return who;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthorized') await this.countRefused(client);
      throw error;
    }
  }

  /** Whoever was let in lately is not refused for what others of their network try. */
  private isFamiliar(authorization: string | undefined, token: string | undefined): boolean {
    return authorization === undefined && token !== undefined
      ? this.sessions.isFamiliar(token)
      : this.keys.isFamiliar(authorization);
  }

  private async refuseTooMany(client: string): Promise<void> {
    const state = await this.refused.get(client);
    if (!state || state.consumedPoints <= REFUSED_CALLS.points) return;
    throw new DomainError('rate_limited', 'Too many calls without a valid key from your network.', {
      retryAfter: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
    });
  }

  private async countRefused(client: string): Promise<void> {
    try {
      await this.refused.consume(client);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal; // this one still gets its own answer
    }
  }
}

function atLeast(needed: Role, { role }: Caller): void {
  if (RANK[role] >= RANK[needed]) return;
  throw new DomainError('forbidden', `This needs a key with the role ${needed}; this key is a ${role}'s.`);
}
