import { performance } from 'node:perf_hooks';

/** Of a lease's length: after this share it is renewed, three more times if need be. */
const RENEW_AFTER = 1 / 4;
/** Nothing is begun in this last share of a lease: the message must not outlive the claim. */
const MARGIN = 1 / 6;

/** How long a lease of this length goes without being renewed, in milliseconds. */
export function renewEveryMs(leaseMs: number): number {
  return leaseMs * RENEW_AFTER;
}

/** An instant on both of the machine's clocks. */
export interface ClockReading {
  readonly monotonic: number;
  readonly wall: number;
}

export function readClocks(): ClockReading {
  return { monotonic: performance.now(), wall: Date.now() };
}

/**
 * Milliseconds since then, by the clock that has gone further: the monotonic one stands still while the machine is
 * suspended, and the wall clock can be set back. Too long an answer only costs a claim; too short a one could cost a
 * double message.
 */
export function elapsedSince(then: ClockReading): number {
  return Math.max(performance.now() - then.monotonic, Date.now() - then.wall);
}

/** What this process may still believe of a claim it made. The database's clock decides; this is the careful side of it. */
export class Lease {
  private lost = false;

  /**
   * @param asked when the claim was asked for: the database's lease began after it
   * @param lengthMs how long it lasts unless renewed. A worker that is frozen for longer has lost it.
   */
  constructor(
    private asked: ClockReading,
    readonly lengthMs: number,
  ) {}

  /** Whether something may be begun under it. */
  get holds(): boolean {
    return !this.lost && elapsedSince(this.asked) < this.lengthMs * (1 - MARGIN);
  }

  get isToBeRenewed(): boolean {
    return elapsedSince(this.asked) >= renewEveryMs(this.lengthMs);
  }

  /** @param asked when the renewal was asked for */
  renewed(asked: ClockReading): void {
    this.asked = asked;
  }

  /** The database says that it is not ours any more. */
  lose(): void {
    this.lost = true;
  }
}
