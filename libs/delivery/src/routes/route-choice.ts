import { unlimited, type SendingLimits, type TransportPlaces } from '../limits/sending-limits.js';
import { HORIZON_MS } from '../limits/timetable.js';
import type { Route } from './route.js';

/** How long to wait when nothing says how long. */
const LOOK_AGAIN_MS = 3_000;

/** So many messages may be sent by that route. */
export interface Allowance {
  route: Route;
  places: TransportPlaces;
}

/** No route is open now. */
export interface NoAllowance {
  route: null;
  retryInMs: number;
}

/**
 * The routes that may be tried now, one after another, until one of them gives an allowance:
 *
 *     for (const route of choice) {
 *       const allowance = await choice.take(route, 500);
 *       if (allowance) return allowance;
 *     }
 *     return { route: null, retryInMs: choice.retryInMs };
 */
export class RouteChoice implements Iterable<Route> {
  private soonestMs = Infinity;
  /** One of them can be used, and only keeps its pace. */
  private isAnyPaced = false;

  /** @param routes in the order in which they are to be tried */
  constructor(
    private readonly routes: readonly Route[],
    private readonly limits: Pick<SendingLimits, 'allowance'>,
  ) {}

  *[Symbol.iterator](): Generator<Route> {
    for (const route of this.routes) {
      if (route.isSpare && this.isAnyPaced) return; // a spare one is not there to go faster
      if (route.restMs > 0) this.waitsFor(route.restMs);
      else yield route;
    }
  }

  /** An allowance for at most so many messages; null: its limits are used up. What is not used is to be given back. */
  async take(route: Route, wanted: number): Promise<Allowance | null> {
    const { settings } = route;
    const places = settings ? await this.limits.allowance(settings, wanted) : unlimited(wanted);
    if (places.granted > 0) return { route, places };
    this.waitsFor(places.retryInMs);
    this.isAnyPaced ||= places.retryInMs <= HORIZON_MS;
    return null;
  }

  /** When none gave an allowance: milliseconds until one may. */
  get retryInMs(): number {
    return Number.isFinite(this.soonestMs) ? this.soonestMs : LOOK_AGAIN_MS;
  }

  private waitsFor(ms: number): void {
    this.soonestMs = Math.min(this.soonestMs, ms);
  }
}

/** The first allowance that some route gives. */
export async function firstAllowance(choice: RouteChoice, wanted: number): Promise<Allowance | NoAllowance> {
  for (const route of choice) {
    const allowance = await choice.take(route, wanted);
    if (allowance) return allowance;
  }
  return { route: null, retryInMs: choice.retryInMs };
}
