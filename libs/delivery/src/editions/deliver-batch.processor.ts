import { Processor } from '@nestjs/bullmq';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { retryDelay } from '../outcomes/retry-delay.js';
import { BatchJobs } from './batch-jobs.js';
import { BatchSender } from './batch-sender.js';

/** Jobs of one batch that are to come back in the same moment come back as one. */
const GRID_MS = 250;

/** The `edition.deliver` job: one batch ends while the next is under way. */
@Processor('delivery', { concurrency: 2 })
export class DeliverBatchProcessor extends JobProcessor<'edition.deliver'> {
  constructor(
    jobs: RunningJobs,
    private readonly sender: BatchSender,
    private readonly batches: BatchJobs,
    private readonly clock: Clock,
  ) {
    super('edition.deliver', jobs);
  }

  override async handle(
    { editionId, batch }: JobPayload<'edition.deliver'>,
    context: JobContext,
  ): Promise<void> {
    const again = await this.sender.send(editionId, batch, context);
    if (!again) return;
    const at = new Date(Math.ceil(again.at.getTime() / GRID_MS) * GRID_MS);
    const delayMs = retryDelay(at, this.clock.now());
    if (!delayMs) return;
    const dedupeKey = `retry-${editionId}-${batch}-${at.getTime()}`;
    await this.batches.add({ editionId, batch, kind: again.kind }, { delayMs, dedupeKey });
  }
}
