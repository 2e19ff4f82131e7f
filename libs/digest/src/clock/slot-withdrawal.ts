import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import type { DigestRow } from '../model/digest.repository.js';
import { EditionRepository } from '../model/edition.repository.js';
import { slotsBetween, type Schedule } from '../schedule/slot-times.js';
import { toFloating } from '../schedule/zone-time.js';
import { noTo } from '../model/slot-draft.js';
import { SlotRepository, type SlotRow } from '../model/slot.repository.js';

/** Takes back what was made for a schedule that is no more. */
@Injectable()
export class SlotWithdrawal {
  constructor(
    private readonly slots: SlotRepository,
    private readonly editions: EditionRepository,
  ) {}

  /** All of a digest that ends: what waits for its time, and what was missed. Call it with the digest locked. */
  async allOf(tx: Executor, digest: DigestRow, publicationZone: string, now: Date): Promise<void> {
    await this.waitingOnesOf(tx, digest, publicationZone, null, now);
    const reason = 'The digest was ended.';
    for (const editionId of await this.slots.heldDraftsOf(tx, digest.id)) {
      const draft = await this.editions.lockById(tx, editionId);
      if (draft?.status !== 'draft') continue;
      const changes = { ...noTo(draft), statusReason: reason, finishedAt: now, updatedAt: now };
      await this.editions.transition(tx, editionId, 'cancel', changes);
    }
    await this.slots.skipHeldOf(tx, digest.id, reason, now);
  }

  /**
   * Editions that wait for their time are cancelled, unless the new schedule has the same time. Their slots go, so that
   * a schedule which has the time again can fire it. Call it with the digest locked.
   * @param digest as it was
   * @param schedule null: there is none any more
   */
  async waitingOnesOf(
    tx: Executor,
    { id, timeZone }: DigestRow,
    publicationZone: string,
    schedule: Schedule | null,
    now: Date,
  ): Promise<void> {
    for (const slot of await this.slots.waitingOf(tx, id)) {
      if (!slot.editionId || (schedule && has(schedule, slot))) continue;
      // A slot of the readers' own time is fired half a day before: one that is yet to come by the operator's clock.
      const past = slot.local ? toFloating(now, timeZone ?? publicationZone) : now;
      if (slot.status === 'fired' && slot.at <= past) continue;
      const waiting = await this.editions.lockById(tx, slot.editionId);
      if (waiting?.status !== 'draft' && waiting?.status !== 'scheduled') continue;
      await this.slots.delete(tx, slot.id);
      await this.editions.transition(tx, waiting.id, 'cancel', {
        statusReason: 'The schedule of the digest was changed.',
        nextWaveAt: null,
        heldUntil: null,
        finishedAt: now,
        updatedAt: now,
      });
    }
  }
}

function has(schedule: Schedule, { at, local }: SlotRow): boolean {
  if (schedule.readerLocal !== local) return false;
  return slotsBetween(schedule, new Date(at.getTime() - 1), at, 1).length > 0;
}
