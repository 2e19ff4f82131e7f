import type { JobName, JobPayload } from './jobs.js';

export interface EnqueueOptions {
  /** Milliseconds until it may run. */
  delayMs?: number;
  /** While a job with this key waits or runs, another one is not added. */
  dedupeKey?: string;
}

/** Where jobs go in. The injection token of the queue. */
export abstract class JobQueue {
  /**
   * Adds a job. Never throws and never waits long: if the queue does not take it in time the job is dropped, because
   * what it is about is committed and the tick will find it.
   * @returns whether the queue took it
   */
  abstract enqueue<N extends JobName>(
    name: N,
    payload: JobPayload<N>,
    options?: EnqueueOptions,
  ): Promise<boolean>;
  /** @throws when the queue's store does not answer */
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}
