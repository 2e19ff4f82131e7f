import { Processor } from '@nestjs/bullmq';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { ExportRunner } from './export-runner.js';

/** The `export.run` job. */
@Processor('exports', { concurrency: 1 })
export class RunExportProcessor extends JobProcessor<'export.run'> {
  constructor(
    jobs: RunningJobs,
    private readonly runner: ExportRunner,
  ) {
    super('export.run', jobs);
  }

  override async handle({ exportId }: JobPayload<'export.run'>, { signal }: JobContext): Promise<void> {
    await this.runner.run(exportId, signal);
  }
}
