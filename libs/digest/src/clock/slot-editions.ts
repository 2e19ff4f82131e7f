import { Injectable } from '@nestjs/common';
import { undivided } from '#content/articles/edition-articles.js';
import type { Executor } from '#database/database.js';
import type { DigestRow } from '../model/digest.repository.js';
import { EditionRepository, type NewEdition } from '../model/edition.repository.js';
import { opensAt } from '../schedule/slot-times.js';
import { CandidateRepository } from '../selection/candidate.repository.js';
import { dateOfSlot } from '../model/digest-schedule.js';
import type { NewSlot } from '../model/slot.repository.js';

/** Makes the editions of slots. All in the caller's transaction. */
@Injectable()
export class SlotEditions {
  constructor(
    private readonly editions: EditionRepository,
    private readonly candidates: CandidateRepository,
  ) {}

  /**
   * An edition that is to be prepared at once; its articles are chosen for each wave.
   * @param id what the edition is to have
   */
  async fire(
    tx: Executor,
    digest: DigestRow,
    slot: NewSlot,
    zone: string,
    id: string,
    now: Date,
  ): Promise<void> {
    const first = opensAt(slot);
    await this.editions.insertWithFreeSlug(tx, {
      ...common(digest, slot, zone, id, now),
      status: 'preparing',
      selection: 'auto',
      startedAt: now,
      sendAt: first,
      nextWaveAt: first,
    });
  }

  /**
   * A draft of what would go, for an operator's yes.
   * @param at by when they have to say it
   * @returns how many articles are in it
   */
  async propose(
    tx: Executor,
    digest: DigestRow,
    slot: NewSlot,
    zone: string,
    id: string,
    at: Date,
    now: Date,
  ): Promise<number> {
    const row: NewEdition = {
      ...common(digest, slot, zone, id, now),
      status: 'draft',
      selection: 'list',
      approval: 'waiting',
      sendAt: at,
    };
    const articleIds = await this.candidates.unsent(tx, digest, at);
    await this.editions.insertWithFreeSlug(tx, row, undivided(articleIds));
    return articleIds.length;
  }
}

function common(digest: DigestRow, slot: NewSlot, zone: string, id: string, now: Date) {
  return {
    id,
    publicationId: digest.publicationId,
    digestId: digest.id,
    slug: `${digest.slug}-${dateOfSlot(slot, zone)}`,
    kind: 'regular',
    slotId: slot.id,
    createdAt: now,
    updatedAt: now,
  } satisfies Partial<NewEdition>;
}
