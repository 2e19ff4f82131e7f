import { Processor } from '@nestjs/bullmq';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { retryDelay } from '../outcomes/retry-delay.js';
import { BatchSender } from './batch-sender.js';

/** The `edition.deliver` job: one batch ends while the next is under way. */
@Processor('delivery', { concurrency: 2 })
export class DeliverBatchProcessor extends JobProcessor<'edition.deliver'> {
  constructor(
    jobs: RunningJobs,
    private readonly sender: BatchSender,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {
    super('edition.deliver', jobs);
  }

  override async handle(
    { editionId, batch }: JobPayload<'edition.deliver'>,
    context: JobContext,
  ): Promise<void> {
    const { retryAt } = await this.sender.send(editionId, batch, context);
    const delayMs = retryAt && retryDelay(retryAt, this.clock.now());
    if (delayMs) {
      await this.queue.enqueue(
        'edition.deliver',
        { editionId, batch },
        { delayMs, dedupeKey: `retry-${editionId}-${batch}-${retryAt.getTime()}` },
      );
    }
  }
}
