import { Injectable } from '@nestjs/common';
import { Log } from '#kernel/observing/logger.js';
import type { JobContext } from './job-context.js';

/** The jobs that run in this process, whatever their kind: so that its end can wait for them, or break them off. */
@Injectable()
export class RunningJobs {
  private readonly running = new Set<Promise<void>>();
  private readonly stopping = new AbortController();
  private readonly breakingOff = new AbortController();
  /** What every job is given. */
  readonly context: JobContext = { signal: this.stopping.signal, deadline: this.breakingOff.signal };

  constructor(readonly log: Log) {}

  /** @throws what the work throws */
  async track(work: Promise<void>): Promise<void> {
    this.running.add(work);
    try {
      await work;
    } finally {
      this.running.delete(work);
    }
  }

  get count(): number {
    return this.running.size;
  }

  /** Resolves when those that run now have ended, well or not. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.running);
  }

  /** Begin nothing new. */
  stop(): void {
    this.stopping.abort();
  }

  /** Time is nearly up. */
  breakOff(): void {
    this.breakingOff.abort();
  }
}
