import { performance } from 'node:perf_hooks';

/** How long a claim lasts unless renewed. A worker that is frozen for longer has lost it. */
export const LEASE_MS = 60_000;
export const RENEW_EVERY_MS = 15_000;
/** Nothing is begun so close to the end of a lease: the message must not outlive the claim. */
const MARGIN_MS = 10_000;

/** An instant on both of the machine's clocks. */
export interface Moment {
  readonly monotonic: number;
  readonly wall: number;
}

export function thisMoment(): Moment {
  return { monotonic: performance.now(), wall: Date.now() };
}

/**
 * Milliseconds since then, by the clock that has gone further: the monotonic one stands still while the machine is
 * suspended, and the wall clock can be set back. Too long an answer only costs a claim; too short a one could cost a
 * double message.
 */
export function elapsedSince(then: Moment): number {
  return Math.max(performance.now() - then.monotonic, Date.now() - then.wall);
}

/** What this process may still believe of a claim it made. The database's clock decides; this is the careful side of it. */
export class Lease {
  private lost = false;

  /** @param asked when the claim was asked for: the database's lease began after it */
  constructor(private asked: Moment) {}

  /** Whether something may be begun under it. */
  get holds(): boolean {
    return !this.lost && elapsedSince(this.asked) < LEASE_MS - MARGIN_MS;
  }

  get isToBeRenewed(): boolean {
    return elapsedSince(this.asked) >= RENEW_EVERY_MS;
  }

  /** @param asked when the renewal was asked for */
  renewed(asked: Moment): void {
    this.asked = asked;
  }

  /** The database says that it is not ours any more. */
  lose(): void {
    this.lost = true;
  }
}
