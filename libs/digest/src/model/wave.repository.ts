import { Injectable } from '@nestjs/common';
import { and, eq, inArray } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { edition, editionArticle, editionWave, slot } from '#database/schema/index.js';
import type { EditionChanges, EditionRow } from './edition.repository.js';

export type SlotRow = typeof slot.$inferSelect;
export type WaveRow = typeof editionWave.$inferSelect;

/** The waves of editions. */
@Injectable()
export class WaveRepository {
  async slotOf(tx: Executor, { slotId }: EditionRow): Promise<SlotRow | undefined> {
    if (!slotId) return undefined;
    const [row] = await tx.select().from(slot).where(eq(slot.id, slotId));
    return row;
  }

  async insert(tx: Executor, row: typeof editionWave.$inferInsert): Promise<void> {
    await tx.insert(editionWave).values(row);
  }

  async setRecipients(tx: Executor, editionId: string, wave: number, recipients: number): Promise<void> {
    await tx
      .update(editionWave)
      .set({ recipients })
      .where(and(eq(editionWave.editionId, editionId), eq(editionWave.wave, wave)));
  }

  async update(tx: Executor, id: string, changes: EditionChanges): Promise<void> {
    await tx.update(edition).set(changes).where(eq(edition.id, id));
  }

  /** Whether a delivery of an article may still come to be accepted. */
  async isUnderWay(tx: Executor, articleId: string): Promise<boolean> {
    const rows = await tx
      .select({ id: edition.id })
      .from(edition)
      .innerJoin(editionArticle, eq(editionArticle.editionId, edition.id))
      .where(
        and(
          eq(editionArticle.articleId, articleId),
          inArray(edition.status, ['sending', 'paused']),
          inArray(edition.kind, ['regular', 'alert']),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }
}
