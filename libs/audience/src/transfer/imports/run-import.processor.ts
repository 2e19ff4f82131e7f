import { Processor } from '@nestjs/bullmq';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { ImportRunner } from './import-runner.js';

/** The `import.run` job. One at a time: two would wait for each other's rows. */
@Processor('imports', { concurrency: 1 })
export class RunImportProcessor extends JobProcessor<'import.run'> {
  constructor(
    jobs: RunningJobs,
    private readonly runner: ImportRunner,
  ) {
    super('import.run', jobs);
  }

  override async handle({ importId }: JobPayload<'import.run'>, { signal }: JobContext): Promise<void> {
    await this.runner.run(importId, signal);
  }
}
