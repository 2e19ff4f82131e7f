import { Processor } from '@nestjs/bullmq';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { BulkWorker } from './bulk-worker.js';

/** The `readers.bulk` job. One at a time: of two, each would wait for the other's readers. */
@Processor('readers', { concurrency: 1 })
export class BulkProcessor extends JobProcessor<'readers.bulk'> {
  constructor(
    jobs: RunningJobs,
    private readonly bulks: BulkWorker,
  ) {
    super('readers.bulk', jobs);
  }

  override async handle({ bulkId }: JobPayload<'readers.bulk'>, { signal }: JobContext): Promise<void> {
    await this.bulks.run(bulkId, signal);
  }
}
