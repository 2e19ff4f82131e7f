import { Processor } from '@nestjs/bullmq';
import { DomainError, inWords } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { EditionStarter } from './edition-starter.js';

/** The `edition.prepare` job: compiling takes a processor, so one at a time. */
@Processor('edition', { concurrency: 1 })
export class PrepareEditionProcessor extends JobProcessor<'edition.prepare'> {
  constructor(
    jobs: RunningJobs,
    private readonly starter: EditionStarter,
    private readonly log: Log,
  ) {
    super('edition.prepare', jobs);
  }

  override async handle({ editionId }: JobPayload<'edition.prepare'>): Promise<void> {
    try {
      await this.starter.start(editionId);
    } catch (error) {
      // What an operator can mend fails the edition with its reason; anything else is tried again.
      if (!(error instanceof DomainError) || error.status >= 500) throw error;
      if (error.code === 'wrong_state') return; // paused, cancelled or prepared by another worker meanwhile
      const reason = inWords(error);
      this.log.warn('an edition cannot be prepared', { edition: editionId, reason });
      await this.starter.fail(editionId, reason);
    }
  }
}
