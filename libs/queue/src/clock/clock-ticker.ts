import { Injectable } from '@nestjs/common';
import { newId } from '#kernel/ids.js';
import { JobQueue, type EnqueueOptions } from '../jobs/job-queue.js';

const TICK_EVERY_MS = 60_000;
/** Past the full minute, so that what is due at it is due by then. */
const PAST_MINUTE_MS = 50;
/** A queue that did not take the tick rests for two seconds. At the start of a loaded machine that is no outage. */
const AGAIN_AFTER_MS = 3_000;

/**
 * Enqueues the `tick` job at boot and at every full minute, because that is when people want their mail. Each process does, on its own timer, so the tick outlives an
 * emptied Redis and any one worker; a second tick in the same minute finds nothing to do.
 */
@Injectable()
export class ClockTicker {
  private timer: NodeJS.Timeout | undefined;
  private again: NodeJS.Timeout | undefined;
  /** A tick that died with an earlier process must not stand in the way of this one's. */
  private readonly dedupeKey = `tick-${newId()}`;

  constructor(private readonly queue: JobQueue) {}

  start(): void {
    this.waitForMinute();
    this.tickNow();
  }

  private waitForMinute(): void {
    this.timer = setTimeout(
      () => {
        this.waitForMinute();
        this.tickNow();
      },
      TICK_EVERY_MS - (Date.now() % TICK_EVERY_MS) + PAST_MINUTE_MS,
    );
  }

  tickNow(): void {
    this.enqueue({ dedupeKey: this.dedupeKey });
  }

  /** The store is back: whatever became of an earlier tick must not stand in the way of this one. */
  tickAfterOutage(): void {
    this.enqueue({});
  }

  private enqueue(options: EnqueueOptions): void {
    if (!this.timer) return;
    clearTimeout(this.again);
    // enqueue never throws: a queue that is down is logged there.
    this.queue.enqueue('tick', {}, options).then(
      (taken) => this.tryAgain(taken),
      () => undefined,
    );
  }

  private tryAgain(taken: boolean): void {
    if (!taken && this.timer) this.again = setTimeout(() => this.tickNow(), AGAIN_AFTER_MS).unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    clearTimeout(this.again);
    this.timer = undefined;
  }
}
