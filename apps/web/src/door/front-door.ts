import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '#kernel/config/config.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { ApiKeyService, type Caller, type Role } from '#operators/keys/api-key.service.js';
import { mayDo, type Right } from '#operators/rights/rights.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { BOARD_PATH } from '../board/queue-board.js';
import { clientKey } from '#kernel/input/client-key.js';
import { MailboxDoor } from '../http/mailbox-door.js';
import { letAnyOriginRead } from '../http/reply.js';
import { SignUpLimiter } from '../http/sign-up-limiter.js';
import { rootPath } from '../reader/page/page-layout.js';
import { requireOwnPage, sessionToken } from '../session/session-cookie.js';
import type { WithCaller } from '../http/auth.guard.js';
import type { EndpointDocs } from '../http/endpoint.js';
import { endpointsOf } from '../http/endpoints.js';

const API = '/api/v1/';
const RANK: Record<Role, number> = { viewer: 0, editor: 1, owner: 2 };
/**
 * Calls without a valid key after which they are refused unlooked: a key has 192 random bits, so it is the work that is
 * bounded, not the guessing. Each process counts by itself. One key or token of a client, so that a job with a stale one
 * uses itself up and not its network.
 */
const REFUSED_OF_KEY = { points: 300, duration: 60 };
/** Of a network, whatever the keys: a look-up each, ten a second. */
const REFUSED_OF_NETWORK = { points: 600, duration: 60 };
/** Posts that make us write a mail, whatever their body says. */
const SIGN_UP = '/subscribe';
const SIGN_IN = '/api/session';
const MAILBOX = /^\/mailbox(\/|$)/;
const BOARD = new RegExp(`^${BOARD_PATH}(/|$)`);

/**
 * Decides who comes in before a byte of the body is read (Fastify's `onRequest`): by key or session, right and rate. A body
 * costs memory and time to read, which a caller without the right must not cause.
 */
@Injectable()
export class FrontDoor {
  private readonly refusedOfKey = new RateLimiterMemory(REFUSED_OF_KEY);
  private readonly refusedOfNetwork = new RateLimiterMemory(REFUSED_OF_NETWORK);
  private warnedOfProxy = false;
  private needed: ReadonlyMap<string, EndpointDocs> | undefined;

  constructor(
    private readonly keys: ApiKeyService,
    private readonly sessions: SessionService,
    private readonly signUps: SignUpLimiter,
    private readonly mailbox: MailboxDoor,
    private readonly discovery: DiscoveryService,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** Before the routes are added. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply) => this.check(request, reply));
  }

  private async check(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.warnOfProxy(request);
    const route = request.routeOptions.url ?? '';
    if (route.startsWith(API)) {
      const admit = () => this.admit(request, route);
      Object.assign(request as WithCaller, { caller: await admit(), admitAgain: admit });
    } else if (MAILBOX.test(route)) await this.admitToMailbox(request);
    else if (BOARD.test(route)) await this.admitToBoard(request, reply);
    else if (route === SIGN_UP && request.method === 'POST') {
      letAnyOriginRead(reply); // the embedded form has to read a refusal too
      await this.signUps.consume(request.ip);
    } else if (route === SIGN_IN && request.method === 'POST') {
      requireOwnPage(request); // guesses are counted when it is known at which account
    }
  }

  /** Warned of once: without a proxy anybody can send the header. */
  private warnOfProxy({ headers }: FastifyRequest): void {
    if (this.warnedOfProxy || this.config.trustProxy !== false) return;
    if (headers['x-forwarded-for'] === undefined) return;
    this.warnedOfProxy = true;
    this.log.warn(
      'a request has X-Forwarded-For, and TRUST_PROXY is not set: behind a proxy all clients count as one, and share the limits on sign-ups and sign-ins',
    );
  }

  /** Its mails hold links that act for readers, so a viewer may not see it. */
  private async admitToMailbox(request: FastifyRequest): Promise<void> {
    if (!(await this.mailbox.isThere())) throw notFound('mailbox');
    if (this.mailbox.isOpenTo(request)) return;
    const { authorization, cookie } = request.headers;
    if (authorization === undefined && cookie === undefined) {
      throw new DomainError('unauthorized', 'Sign in at /admin first, or send an API key.');
    }
    atLeast('editor', await this.callerOf(request));
  }

  /** A page for people, so by session only; a browser that has none is sent where it gets one. */
  private async admitToBoard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if (request.headers.authorization !== undefined || request.headers.cookie === undefined) {
        throw new DomainError('unauthorized', 'Sign in at /admin first.');
      }
      atLeast('editor', await this.callerOf(request));
    } catch (error) {
      const isUnknown = error instanceof DomainError && error.code === 'unauthorized';
      if (!isUnknown || !request.headers.accept?.includes('text/html')) throw error;
      await reply.redirect(`${rootPath(this.config.baseUrl)}/admin`, 303);
    }
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
    this.needed ??= this.neededByRoute();
    const reads = method === 'GET' || method === 'HEAD';
    const docs = this.needed.get(`${reads ? 'GET' : method} ${route.replace(/\/$/, '')}`);
    return { role: docs?.role ?? (reads ? 'viewer' : 'editor'), right: docs?.right };
  }

  private neededByRoute(): ReadonlyMap<string, EndpointDocs> {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype);
    return new Map([...endpointsOf(controllers)].map((its) => [`${its.method} ${its.path}`, its.docs]));
  }

  /** By bearer key, or by the session cookie of the operator UI. */
  private async callerOf(request: FastifyRequest): Promise<Caller> {
    const client = clientKey(request.ip);
    const { authorization } = request.headers;
    const token = sessionToken(request, this.config.baseUrl.startsWith('https:'));
    // Who shows nothing costs nothing.
    if (authorization === undefined && token === undefined) return this.keys.authenticate(undefined);
    const counted = [client, `${client} ${hashOf(authorization ?? token ?? '')}`] as const;
    if (!this.isFamiliar(authorization, token)) await this.refuseTooMany(...counted);
    try {
      if (authorization !== undefined || token === undefined)
        return await this.keys.authenticate(authorization);
      requireOwnPage(request);
      const who = await this.sessions.read(token);
      if (!who) throw new DomainError('unauthorized', 'The session has ended; sign in again.');
      return who;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthorized') await this.countRefused(...counted);
      throw error;
    }
  }

  /** A caller who was let in lately is not refused for what others of their network try. */
  private isFamiliar(authorization: string | undefined, token: string | undefined): boolean {
    return authorization === undefined && token !== undefined
      ? this.sessions.isFamiliar(token)
      : this.keys.isFamiliar(authorization);
  }

  private async refuseTooMany(network: string, key: string): Promise<void> {
    const [ofKey, ofNetwork] = await Promise.all([
      this.refusedOfKey.get(key),
      this.refusedOfNetwork.get(network),
    ]);
    refuseOver(REFUSED_OF_KEY.points, ofKey, 'Too many calls with this key, which is not valid.');
    refuseOver(REFUSED_OF_NETWORK.points, ofNetwork, 'Too many calls without a valid key from your network.');
  }

  /** Those that are refused unlooked do not come here, so one key does not fill its network's count. */
  private async countRefused(network: string, key: string): Promise<void> {
    await this.refusedOfKey.penalty(key);
    await this.refusedOfNetwork.penalty(network);
  }
}

function refuseOver(points: number, state: RateLimiterRes | null, message: string): void {
  if (!state || state.consumedPoints < points) return;
  throw new DomainError('rate_limited', message, {
    retryAfter: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
  });
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64');
}

function atLeast(needed: Role, { role }: Caller): void {
  if (RANK[role] >= RANK[needed]) return;
  throw new DomainError('forbidden', `This needs a key with the role ${needed}; this key is a ${role}'s.`);
}
