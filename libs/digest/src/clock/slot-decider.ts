import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { isEnough } from '../model/edition-minimum.js';
import { COMMITTED } from '../model/edition-state.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { dueBy, tooLate } from '../model/digest-schedule.js';
import { SlotNotices } from './slot-notices.js';
import { SlotRepository, type SlotRow } from '../model/slot.repository.js';

const PER_TICK = 200;

/** What becomes of a draft at the time that it was made for. */
export type SlotDecision = { to: 'fired' } | { to: 'held' | 'skipped'; reason: string };

/** What is to be told to the queue once a decision is committed. */
interface Told {
  prepare?: string;
  mailIds?: string[];
}

/** Decides, at its time, about each slot that was drafted for an operator's yes. */
@Injectable()
export class SlotDecider {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly notices: SlotNotices,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run(now: Date = this.clock.now()): Promise<void> {
    const { id: publicationId } = await this.publications.current();
    const due = await this.slots.openDue(this.database.db, publicationId, now, PER_TICK);
    for (const { slotId, editionId } of due) {
      try {
        const told = await this.database.transaction((tx) =>
          this.settle(tx, publicationId, slotId, editionId, now),
        );
        if (told?.prepare) {
          await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId });
        }
        await this.notices.announce(told?.mailIds ?? []);
      } catch (error) {
        this.log.error('a slot could not be decided; it is tried again in a minute', error, { slot: slotId });
      }
    }
  }

  private async settle(
    tx: Executor,
    publicationId: string,
    slotId: string,
    editionId: string,
    now: Date,
  ): Promise<Told | undefined> {
    const edition = await this.editions.lockById(tx, editionId);
    const slot = await this.slots.findById(tx, publicationId, slotId);
    const digest = edition && (await this.digests.findById(tx, publicationId, edition.digestId));
    if (!edition || !digest || slot?.status !== 'open') return undefined; // decided meanwhile
    if (edition.heldUntil) return undefined; // sent, or taken back, in a moment
    if (edition.status !== 'draft') {
      const status = COMMITTED.includes(edition.status) ? 'fired' : 'skipped';
      await this.slots.decide(tx, slotId, ['open'], { status, decidedAt: now });
      return undefined;
    }
    if (edition.sendAt && edition.sendAt > now) return undefined;
    const decision = decisionOn(digest, slot, edition, await this.enough(tx, digest, edition, now), now);
    const reason = decision.to === 'fired' ? null : decision.reason;
    await this.slots.decide(tx, slotId, ['open'], { status: decision.to, reason, decidedAt: now });
    switch (decision.to) {
      case 'fired':
        await this.editions.transition(tx, editionId, 'send', {
          startedAt: now,
          nextWaveAt: edition.sendAt ?? now,
          updatedAt: now,
        });
        return { prepare: editionId };
      case 'skipped':
        await this.editions.transition(tx, editionId, 'cancel', {
          statusReason: decision.reason,
          finishedAt: now,
          updatedAt: now,
        });
        return undefined;
      case 'held':
        return {
          mailIds: await this.notices.write(tx, 'slot-held', digest, { slotId, editionId, count: 1 }),
        };
    }
  }

  private async enough(tx: Executor, digest: DigestRow, edition: EditionRow, now: Date): Promise<boolean> {
    const listed = (await this.editions.articleIdsOf(tx, [edition.id])).get(edition.id) ?? [];
    const sendable = await this.editions.publicArticleIdsOf(tx, edition.id, now);
    return isEnough(digest, edition, listed.length, sendable.length);
  }
}

/**
 * What becomes of a slot that waited for an operator's yes until its time.
 * @param enough whether as many of its articles may be sent as the digest asks for
 */
export function decisionOn(
  digest: Pick<DigestRow, 'approvalMinutes' | 'withoutApproval' | 'lateLimitMinutes'>,
  slot: Pick<SlotRow, 'at' | 'local'>,
  edition: Pick<EditionRow, 'approval' | 'sendAt'>,
  enough: boolean,
  now: Date,
): SlotDecision {
  if (!enough) return { to: 'skipped', reason: 'Too few articles could be sent at its time.' };
  const isWanted =
    edition.approval === 'approved' || digest.approvalMinutes === null || digest.withoutApproval === 'send';
  if (!isWanted) return { to: 'skipped', reason: 'Nobody had approved it by its time.' };
  const due = new Date(Math.max(dueBy(slot).getTime(), edition.sendAt?.getTime() ?? 0));
  if (!tooLate(due, digest.lateLimitMinutes, now)) return { to: 'fired' };
  return {
    to: 'held',
    reason: `Its time passed while nothing ran, more than ${digest.lateLimitMinutes} minutes ago.`,
  };
}
