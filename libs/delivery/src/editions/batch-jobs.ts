import { Injectable } from '@nestjs/common';
import type { EditionKind } from '#database/schema/index.js';
import { JobQueue } from '#queue/jobs/job-queue.js';

/** A batch of an edition that has something to send. */
export interface Batch {
  editionId: string;
  batch: number;
  kind: EditionKind;
}

/** Batches on their way to the workers. Those of breaking news go before all others that wait. */
@Injectable()
export class BatchJobs {
  constructor(private readonly queue: JobQueue) {}

  /** The batches of a wave, from one number to before another. A queue that is down takes none: the tick finds what is due. */
  async start(editionId: string, kind: EditionKind, from: number, to: number): Promise<void> {
    const batches = Array.from({ length: to - from }, (_, at) => ({ editionId, batch: from + at }));
    await this.queue.enqueueAll('edition.deliver', batches, urgency(kind));
  }

  /** One batch again. @returns whether the queue took it */
  add(
    { editionId, batch, kind }: Batch,
    options: { delayMs?: number; dedupeKey?: string } = {},
  ): Promise<boolean> {
    return this.queue.enqueue('edition.deliver', { editionId, batch }, { ...options, ...urgency(kind) });
  }
}

/** Breaking news goes before all else that waits. */
export function urgency(kind: EditionKind): { isUrgent?: true } {
  return kind === 'alert' ? { isUrgent: true } : {};
}
