import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { DomainError, inWords } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { HandlesJob, type JobContext, type JobHandler } from '#queue/jobs/job-handler.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { BatchSender } from './editions/batch-sender.js';
import { EditionStarter } from './editions/edition-starter.js';
import { MailSender } from './outbox/mail-sender.js';

/** Delays longer than this are left to the tick. */
const LONGEST_DELAY_MS = 600_000;

function delayUntil(due: Date, now: Date): number | undefined {
  const delay = Math.max(due.getTime() - now.getTime(), 250);
  return delay <= LONGEST_DELAY_MS ? delay : undefined;
}

@Injectable()
@HandlesJob('mail.send')
export class SendMailHandler implements JobHandler<'mail.send'> {
  constructor(
    private readonly sender: MailSender,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async handle({ mailId }: JobPayload<'mail.send'>, context: JobContext): Promise<void> {
    const retryAt = await this.sender.send(mailId, context);
    const delayMs = retryAt && delayUntil(retryAt, this.clock.now());
    if (delayMs) await this.queue.enqueue('mail.send', { mailId }, { delayMs });
  }
}

@Injectable()
@HandlesJob('edition.prepare')
export class PrepareEditionHandler implements JobHandler<'edition.prepare'> {
  constructor(
    private readonly starter: EditionStarter,
    private readonly log: Log,
  ) {}

  async handle({ editionId }: JobPayload<'edition.prepare'>): Promise<void> {
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

@Injectable()
@HandlesJob('edition.deliver')
export class DeliverBatchHandler implements JobHandler<'edition.deliver'> {
  constructor(
    private readonly sender: BatchSender,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async handle({ editionId, batch }: JobPayload<'edition.deliver'>, context: JobContext): Promise<void> {
    const { retryAt } = await this.sender.send(editionId, batch, context);
    const delayMs = retryAt && delayUntil(retryAt, this.clock.now());
    if (delayMs) {
      await this.queue.enqueue(
        'edition.deliver',
        { editionId, batch },
        { delayMs, dedupeKey: `retry-${editionId}-${batch}-${retryAt.getTime()}` },
      );
    }
  }
}
