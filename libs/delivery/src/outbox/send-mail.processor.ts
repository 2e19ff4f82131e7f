import { Processor } from '@nestjs/bullmq';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { retryDelay } from '../outcomes/retry-delay.js';
import { MailSender } from './mail-sender.js';

/** The `mail.send` job: sending waits on the network, so many at once. */
@Processor('mail', { concurrency: 10 })
export class SendMailProcessor extends JobProcessor<'mail.send'> {
  constructor(
    jobs: RunningJobs,
    private readonly sender: MailSender,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {
    super('mail.send', jobs);
  }

  override async handle({ mailId }: JobPayload<'mail.send'>, context: JobContext): Promise<void> {
    const retryAt = await this.sender.send(mailId, context);
    const delayMs = retryAt && retryDelay(retryAt, this.clock.now());
    if (delayMs) await this.queue.enqueue('mail.send', { mailId }, { delayMs });
  }
}
