import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound, wrongState } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { EditionChecks } from './edition-checks.js';
import { EditionViews, type Edition } from './edition-views.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { yesTo } from '../model/slot-draft.js';
import { SlotRepository } from '../model/slot.repository.js';

/** An operator's yes or no to an edition that was drafted for a slot. */
@Injectable()
export class ApprovalService {
  constructor(
    private readonly database: Database,
    private readonly editions: EditionRepository,
    private readonly slots: SlotRepository,
    private readonly checks: EditionChecks,
    private readonly views: EditionViews,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * It goes out at its time; when that has passed, now.
   * @throws DomainError `not_found`; `invalid_input` about `articleIds` with too few articles; `wrong_state` when it does
   *   not wait for a yes
   */
  async approve(id: string): Promise<Edition> {
    const now = this.clock.now();
    const row = await this.decided(id, async (tx, draft) => {
      const at = draft.sendAt && draft.sendAt > now ? draft.sendAt : now;
      await this.checks.sendable(tx, draft, at);
      if (at > now) {
        const changes = { approval: 'approved', approvedAt: now, updatedAt: now } as const;
        return this.editions.transition(tx, id, 'unschedule', changes);
      }
      await this.slots.decideOf(tx, id, { status: 'fired', reason: null, decidedAt: now });
      const changes = { ...yesTo(draft, now), startedAt: now, updatedAt: now };
      return this.editions.transition(tx, id, 'send', changes);
    });
    if (row.status === 'preparing') {
      await this.queue.enqueue('edition.prepare', { editionId: id }, { dedupeKey: id });
    }
    return this.views.one(row);
  }

  /**
   * It does not go out; one that was approved can be declined until its time.
   * @throws DomainError `not_found`; `wrong_state` when it does not wait for its time
   */
  async decline(id: string): Promise<Edition> {
    const now = this.clock.now();
    const reason = 'It was declined.';
    const row = await this.decided(
      id,
      async (tx) => {
        await this.slots.decideOf(tx, id, { status: 'skipped', reason, decidedAt: now });
        return this.editions.transition(tx, id, 'cancel', {
          approval: 'declined',
          statusReason: reason,
          finishedAt: now,
          updatedAt: now,
        });
      },
      true,
    );
    return this.views.one(row);
  }

  private async decided(
    id: string,
    decide: (tx: Executor, draft: EditionRow) => Promise<EditionRow | undefined>,
    evenApproved = false,
  ): Promise<EditionRow> {
    if (!isId(id)) throw notFound('edition');
    return this.database.transaction(async (tx) => {
      const draft = await this.editions.lockById(tx, id);
      if (!draft) throw notFound('edition');
      const isWaiting = draft.approval === 'waiting' || (evenApproved && draft.approval === 'approved');
      const row = draft.status === 'draft' && isWaiting ? await decide(tx, draft) : undefined;
      if (row) return row;
      if (draft.status !== 'draft') throw wrongState(`The edition is ${draft.status} already.`, draft.status);
      throw wrongState(
        draft.approval === null
          ? 'The edition needs no approval.'
          : `The edition is ${draft.approval} already.`,
        draft.approval ?? draft.status,
      );
    });
  }
}
