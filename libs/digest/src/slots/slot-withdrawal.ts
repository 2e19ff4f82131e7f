import { Injectable } from '@nestjs/common';
import type { Executor } from '#database/database.js';
import { EditionRepository } from '../edition.repository.js';
import { slotsBetween, type Schedule } from '../schedule/slot-times.js';
import { SlotRepository, type SlotRow } from './slot.repository.js';

/** Takes back what was made for a schedule that is no more. */
@Injectable()
export class SlotWithdrawal {
  constructor(
    private readonly slots: SlotRepository,
    private readonly editions: EditionRepository,
  ) {}

  /**
   * Drafts that wait for their time are cancelled, unless the new schedule has the same time. Their slots go, so that
   * a schedule which has the time again can fire it. Call it with the digest locked.
   * @param schedule null: there is none any more
   */
  async openOnesOf(tx: Executor, digestId: string, schedule: Schedule | null, now: Date): Promise<void> {
    for (const slot of await this.slots.undecidedOf(tx, digestId)) {
      if (slot.status !== 'open' || !slot.editionId || (schedule && has(schedule, slot))) continue;
      const draft = await this.editions.lockById(tx, slot.editionId);
      if (draft?.status !== 'draft') continue;
      await this.slots.delete(tx, slot.id);
      await this.editions.transition(tx, draft.id, 'cancel', {
        ...{ statusReason: 'The schedule of the digest was changed.', finishedAt: now, updatedAt: now },
      });
    }
  }
}

function has(schedule: Schedule, { at, local }: SlotRow): boolean {
  if (schedule.readerLocal !== local) return false;
  return slotsBetween(schedule, new Date(at.getTime() - 1), at, 1).length > 0;
}
