import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { Database } from '#database/database.js';
import type { StampedMessage } from '#rendering/wire/plate.js';
import { Log } from '#kernel/observing/logger.js';
import { scrub } from '#kernel/observing/scrub.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { DkimSigner } from '../dkim/dkim-signer.js';
import { SendingLimits } from '../limits/sending-limits.js';
import { MailboxTransport } from '../smtp/mailbox-transport.js';
import { SmtpTransport } from '../smtp/smtp-transport.js';
import { TransportSource, type TransportSettings } from '../transports/transport-settings.js';
import { RouteChoice, type Allowance } from './route-choice.js';
import { Route } from './route.js';

/** A changed setting is known by every worker within this time. */
const REFRESH_MS = 3_000;

/** A server that refuses us as a client is left alone for so long, while others carry on. */
export const REFUSED_REST_MS = 5 * 60_000;

/**
 * The transports of this process: chooses among them by weight, passes over those that rest or have used up their
 * limits, and follows the settings as they change.
 */
@Injectable()
export class TransportPool implements BeforeApplicationShutdown {
  private routes: Route[] = [];
  private refreshed = -Infinity;
  private refreshing: Promise<void> | undefined;
  private readonly connections = new Map<Route, number>();
  private mailbox: Route | undefined;
  private environmentKnown = false;
  /** It was said that no transport can be used. */
  private isNoneKnown = false;
  private stopped = false;

  constructor(
    private readonly source: TransportSource,
    private readonly limits: SendingLimits,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    private readonly log: Log,
  ) {}

  /** The routes that may be tried now, by their weight: none when the process is about to end. */
  async choice(): Promise<RouteChoice> {
    await this.refresh();
    return new RouteChoice(this.stopped ? [] : inTurn(this.routes, Math.random), this.limits);
  }

  /**
   * Keeps looking at the settings while something is being sent: what is sent by a route that was changed or disabled
   * comes back, to be sent by another.
   * @returns stops it
   */
  follow(): () => void {
    const timer = setInterval(() => void this.refresh(REFRESH_MS / 2).catch(() => undefined), REFRESH_MS); // the next choice says it
    return () => clearInterval(timer);
  }

  /** Counts what was sent under an allowance. */
  async settle({ route, places }: Allowance, used: number): Promise<void> {
    if (route.settings) await this.limits.settle(route.settings, places, used);
  }

  /** For how many milliseconds no route can be used, whatever the limits say; 0: one can. */
  get restMs(): number {
    return Math.min(...this.routes.map((route) => route.restMs));
  }

  /** Whether a transport is among those that may be chosen. */
  uses(transportId: string): boolean {
    return this.routes.some((route) => route.settings?.id === transportId);
  }

  /** Whether another route could be tried now. */
  hasOther(route: Route): boolean {
    return this.routes.some((other) => other !== route && other.restMs === 0);
  }

  /** Leaves a route alone, where operators see it. */
  async rest(route: Route, ms: number, reason: string): Promise<void> {
    route.rest(ms);
    this.log.warn('a transport refuses us and is rested', {
      transport: route.settings?.name,
      reason: scrub(reason),
    });
    await this.noteTrouble(route, reason, ms);
  }

  /**
   * The server put off whatever it was given.
   * @returns for how many milliseconds it is left alone
   */
  deferred(route: Route, reply: string): number {
    const isNews = route.restMs === 0;
    const ms = route.deferred();
    if (isNews) this.inBackground(this.noteTrouble(route, reply, ms));
    return ms;
  }

  /** Breaks every connection off, whatever is on it. */
  breakOff(): void {
    this.stopped = true;
    for (const route of this.routes) route.transport.breakOff();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.routes.map((route) => route.transport.close()));
  }

  /** One look at the settings serves all who ask for it meanwhile. */
  private async refresh(maxAgeMs = REFRESH_MS): Promise<void> {
    if (this.stopped || performance.now() - this.refreshed < maxAgeMs) return;
    this.refreshing ??= this.read().finally(() => (this.refreshing = undefined));
    // The settings of a moment ago are better than none while the database is away.
    if (this.routes.length === 0) await this.refreshing;
    else await this.refreshing.catch(() => undefined);
  }

  private async read(): Promise<void> {
    if (!this.environmentKnown) await this.source.ensureDefault();
    this.environmentKnown = true;
    const enabled = await this.source.enabled();
    const isMailboxMeant = enabled.length === 0 && !(await this.source.hasWayOut());
    if (this.stopped) return; // what is opened now would not be closed
    const before = new Map(this.routes.map((route) => [route.settings?.id, route]));
    const routes: Route[] = [];
    for (const settings of enabled) {
      const known = before.get(settings.id);
      if (known?.settings?.version === settings.version) {
        before.delete(settings.id);
        routes.push(known);
      } else routes.push(this.open(settings));
    }
    if (isMailboxMeant) routes.push((this.mailbox ??= this.openMailbox()));
    if (routes.length === 0 && !this.isNoneKnown) {
      this.log.warn('no transport can be used: nothing is sent until one is enabled');
    }
    this.isNoneKnown = routes.length === 0;
    this.routes = routes;
    this.refreshed = performance.now();
    for (const route of before.values()) if (!routes.includes(route)) await route.transport.close();
  }

  private open(settings: TransportSettings): Route {
    const signer = settings.dkim.length > 0 ? new DkimSigner(settings.dkim) : null;
    const transport = new SmtpTransport(settings.name, settings.options, settings.connections, this.log, {
      ...(signer ? { sign: ({ headers, body }: StampedMessage) => signer.sign(headers, body) } : {}),
      onConnections: (open) => this.count(route, open),
      onTrouble: (reason, restMs) => {
        this.refreshed = -Infinity; // whoever mends it and goes on is not to meet the old settings again
        this.inBackground(this.noteTrouble(route, reason, restMs));
      },
      onRecovery: () => this.inBackground(this.noteRecovery(route)),
    });
    const route: Route = new Route(settings, transport, () => this.inBackground(this.noteRecovery(route)));
    return route;
  }

  private openMailbox(): Route {
    return new Route(null, new MailboxTransport(this.database, this.clock));
  }

  private count(route: Route, open: number): void {
    this.connections.set(route, open);
    if (open === 0) this.connections.delete(route);
    this.metrics.smtpConnections.set([...this.connections.values()].reduce((sum, n) => sum + n, 0));
  }

  private async noteTrouble(route: Route, reason: string, restMs: number): Promise<void> {
    if (route.settings) {
      await this.source.noteFailure(route.settings.id, reason, new Date(this.clock.now().getTime() + restMs));
    }
  }

  private async noteRecovery(route: Route): Promise<void> {
    if (route.settings) await this.source.noteRecovery(route.settings.id);
  }

  /** Notes are for operators to read; nothing depends on them. */
  private inBackground(note: Promise<void>): void {
    note.catch((error: unknown) => this.log.debug('the state of a transport was not noted', { error }));
  }
}

/**
 * Routes in the order in which they are to be tried: each comes first as often as its weight says; those of weight 0
 * come after all others.
 * @param random 0 ≤ random() < 1
 */
export function inTurn(routes: readonly Route[], random: () => number): Route[] {
  const weightOf = (route: Route) => route.settings?.weight ?? 1;
  // Efraimidis and Spirakis: sorting by random^(1/weight) draws without replacement by weight.
  const drawn = routes
    .filter((route) => weightOf(route) > 0)
    .map((route) => ({ route, key: random() ** (1 / weightOf(route)) }))
    .sort((a, b) => b.key - a.key);
  return [...drawn.map(({ route }) => route), ...routes.filter((route) => weightOf(route) === 0)];
}
