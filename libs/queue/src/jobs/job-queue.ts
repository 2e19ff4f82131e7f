import type { JobName, JobPayload } from './jobs.js';

export interface EnqueueOptions {
  /** Milliseconds until it may run. */
  delayMs?: number;
  /** While a job with this key waits or runs, another one is not added. */
  dedupeKey?: string;
  /** It goes before all that wait in its queue and are not. */
  isUrgent?: boolean;
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
  /**
   * Adds many jobs of a kind, which costs much less than one by one.
   * @returns whether the queue took them all; if not, the tick finds the others
   */
  async enqueueAll<N extends JobName>(
    name: N,
    payloads: readonly JobPayload<N>[],
    options: Pick<EnqueueOptions, 'isUrgent'> = {},
  ): Promise<boolean> {
    for (const payload of payloads) if (!(await this.enqueue(name, payload, options))) return false;
    return true;
  }
  /** @throws when the queue's store does not answer */
  abstract ping(): Promise<void>;
  abstract close(): Promise<void>;
}
