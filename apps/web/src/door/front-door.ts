import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Config } from '#kernel/config/config.js';
import { DomainError, notFound } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { Clock } from '#kernel/clock.js';
import { ApiKeyService } from '#operators/keys/api-key.service.js';
import { KeyRates } from '#operators/keys/key-limits.js';
import { insistOn, insistOnFresh, type Caller } from '#operators/rights/caller.js';
import { insistOnRights, rightOf } from '#operators/rights/routes.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { BOARD_PATH } from '../board/queue-board.js';
import { clientKey } from '#kernel/input/client-key.js';
import { MailboxDoor } from '../http/mailbox-door.js';
import { letAnyOriginRead } from '../http/reply.js';
import { SignUpLimiter } from '../http/sign-up-limiter.js';
import { rootPath } from '../reader/page/page-layout.js';
import { requireOwnPage, sessionToken } from '../session/session-cookie.js';
import type { WithCaller } from '../http/auth.guard.js';
import { endpointsOf } from '../http/endpoints.js';

const API = '/api/v1/';
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
/** What is done before there is a session, by our own pages only. */
const SIGN_IN = /^\/api\/(session|invitations|password-resets|first-run)(\/|$)/;
const MAILBOX = /^\/mailbox(\/|$)/;
const BOARD = new RegExp(`^${BOARD_PATH}(/|$)`);

/** Whether a call is a use of its session or key. A stream that goes on is one once, and does not keep its session open. */
interface Use {
  isUse: boolean;
}

/**
 * Decides who comes in before a byte of the body is read (Fastify's `onRequest`): by key or session, right and rate. A body
 * costs memory and time to read, which a caller without the right must not cause.
 */
@Injectable()
export class FrontDoor implements OnApplicationBootstrap {
  private readonly refusedOfKey = new RateLimiterMemory(REFUSED_OF_KEY);
  private readonly refusedOfNetwork = new RateLimiterMemory(REFUSED_OF_NETWORK);
  private warnedOfProxy = false;

  constructor(
    private readonly keys: ApiKeyService,
    private readonly sessions: SessionService,
    private readonly signUps: SignUpLimiter,
    private readonly mailbox: MailboxDoor,
    private readonly rates: KeyRates,
    private readonly discovery: DiscoveryService,
    private readonly clock: Clock,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  /** @throws Error when a route of the API has no right: the process must not start */
  onApplicationBootstrap(): void {
    const controllers = this.discovery.getControllers().map(({ metatype }) => metatype);
    insistOnRights([...endpointsOf(controllers)].map(({ method, path }) => `${method} ${path}`));
  }

  /** Before the routes are added. */
  install(fastify: FastifyInstance): void {
    fastify.addHook('onRequest', (request, reply) => this.check(request, reply));
  }

  private async check(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    this.warnOfProxy(request);
    const route = request.routeOptions.url ?? '';
    if (route.startsWith(API)) {
      Object.assign(request as WithCaller, {
        caller: await this.admit(request, route, { isUse: true }),
        admitAgain: () => this.admit(request, route, { isUse: false }),
      });
    } else if (MAILBOX.test(route)) await this.admitToMailbox(request);
    else if (BOARD.test(route)) await this.admitToBoard(request, reply);
    else if (route === SIGN_UP && request.method === 'POST') {
      letAnyOriginRead(reply); // the embedded form has to read a refusal too
      await this.signUps.consume(request.ip);
    } else if (SIGN_IN.test(route) && request.method !== 'GET') {
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

  /**
   * Its mails hold links that act for readers, so not everybody may see it; and some by which one becomes an operator, so it needs the right to
   * make operators. Whoever comes from the machine itself without that sees all the others: see `MailboxController`.
   */
  private async admitToMailbox(request: FastifyRequest): Promise<void> {
    if (!(await this.mailbox.isThere())) throw notFound('mailbox');
    const isOpen = this.mailbox.isOpenTo(request);
    const { authorization, cookie } = request.headers;
    if (authorization === undefined && cookie === undefined) {
      if (isOpen) return;
      throw new DomainError('unauthorized', 'Sign in at /admin first, or send an API key.');
    }
    try {
      const caller = await this.callerOf(request);
      insistOn(caller, 'operators:manage');
      (request as WithCaller).caller = caller;
    } catch (error) {
      if (!isOpen || !(error instanceof DomainError)) throw error;
    }
  }

  /** A page for people, so by session only; a browser that has none is sent where it gets one. */
  private async admitToBoard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    try {
      if (request.headers.authorization !== undefined || request.headers.cookie === undefined) {
        throw new DomainError('unauthorized', 'Sign in at /admin first.');
      }
      insistOn(await this.callerOf(request), 'machinery:read');
    } catch (error) {
      const isUnknown = error instanceof DomainError && error.code === 'unauthorized';
      if (!isUnknown || !request.headers.accept?.includes('text/html')) throw error;
      await reply.redirect(`${rootPath(this.config.baseUrl)}/admin`, 303);
    }
  }

  private async admit(request: FastifyRequest, route: string, use: Use): Promise<Caller> {
    const caller = await this.callerOf(request, use);
    const right = rightOf(request.method, route);
    if (!right) throw new DomainError('forbidden', 'Nothing says who may do this.');
    insistOn(caller, right.needs);
    if (right.fresh) insistOnFresh(caller, this.clock.now());
    return { ...caller, call: { action: `${request.method} ${route}`, client: request.ip } };
  }

  /** By bearer key, or by the session cookie of the operator UI. */
  private async callerOf(request: FastifyRequest, use: Use = { isUse: true }): Promise<Caller> {
    const client = clientKey(request.ip);
    const { authorization } = request.headers;
    const token = sessionToken(request, this.config.baseUrl.startsWith('https:'));
    // Who shows nothing costs nothing.
    if (authorization === undefined && token === undefined) return this.keys.authenticate(undefined);
    const counted = [client, `${client} ${hashOf(authorization ?? token ?? '')}`] as const;
    if (!this.isFamiliar(authorization, token)) await this.refuseTooMany(...counted);
    try {
      const isByKey = authorization !== undefined || token === undefined;
      const caller = isByKey
        ? await this.keys.authenticate(authorization, request.ip)
        : await this.bySession(request, token, use);
      // A session of a key is that key: its limit counts for both.
      const { keyId, perMinute } = caller;
      if (use.isUse && perMinute !== undefined) await this.rates.take(keyId, perMinute);
      return caller;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'unauthorized') await this.countRefused(...counted);
      throw error;
    }
  }

  private async bySession(request: FastifyRequest, token: string, use: Use): Promise<Caller> {
    requireOwnPage(request);
    const who = await this.sessions.read(token, request.ip, use);
    if (!who) throw new DomainError('unauthorized', 'The session has ended; sign in again.');
    return who;
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
