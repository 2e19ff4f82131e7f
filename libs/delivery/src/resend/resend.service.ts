import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import type { EditionStatus } from '#database/schema/index.js';
import { EditionRepository } from '#digest/model/edition.repository.js';
import { SelectionRepository } from '#digest/selection/selection.repository.js';
import { Clock } from '#kernel/clock.js';
import { notFound, wrongState } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { ResendRepository } from './resend.repository.js';

/** `POST /editions/:id/resend-failed`. */
export const resendInput = z
  .strictObject({
    subscriberIds: z
      .array(z.uuid())
      .min(1)
      .max(1_000)
      .optional()
      .describe('Only these readers’. Default: of all whose delivery failed for good.'),
    code: z.int().min(200).max(599).optional().describe('Only what was answered with this SMTP code.'),
    inDoubt: z
      .boolean()
      .default(false)
      .describe('Those too that may have been accepted: their readers may get the mail twice.'),
  })
  .meta({ id: 'ResendFailed' });
export type ResendInput = z.output<typeof resendInput>;

/** The states in which what failed can be sent again. */
const RESENDABLE: readonly EditionStatus[] = ['sending', 'paused', 'sent'];

/** Sends again what failed for good, to those who still want it. Nobody who was accepted gets it again. */
@Injectable()
export class ResendService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly deliveries: ResendRepository,
    private readonly selection: SelectionRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * @returns how many are sent again; an edition that was finished is sending again, unless there are none
   * @throws DomainError `not_found`; `wrong_state` before it is sent, or when it was cancelled
   */
  async resendFailed(editionId: string, wanted: ResendInput): Promise<{ queued: number }> {
    if (!isId(editionId)) throw notFound('edition');
    const now = this.clock.now();
    const found = await this.editions.findById(this.database.db, editionId);
    if (!found) throw notFound('edition');
    const queued = await this.database.transaction(async (tx) => {
      await this.selection.lock(tx, found.publicationId); // no wave takes for free what goes out again here
      const edition = await this.editions.lockById(tx, editionId);
      if (!edition) throw notFound('edition');
      const { status } = edition;
      if (!RESENDABLE.includes(status)) {
        throw wrongState(`The edition is ${status}, so nothing of it can be sent again.`, status);
      }
      const count = await this.deliveries.putBack(tx, editionId, wanted, now);
      if (count > 0 && status === 'sent') {
        const changes = { finishedAt: null, predictedFinishAt: null, updatedAt: now };
        await this.editions.transition(tx, editionId, 'reopen', changes);
      }
      return count;
    });
    if (queued > 0) await this.queue.enqueue('tick', {}); // finds its batches
    return { queued };
  }
}
