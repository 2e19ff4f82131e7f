import { Injectable } from '@nestjs/common';
import { and, eq, inArray, sql } from 'drizzle-orm';
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

  /** Adds articles to an edition that it does not have yet, after those it has. */
  async addArticles(tx: Executor, editionId: string, articleIds: readonly string[]): Promise<void> {
    if (articleIds.length === 0) return;
    await tx.execute(sql`
      INSERT INTO edition_article (edition_id, article_id, position)
      SELECT ${editionId}::uuid, a.id::uuid, a.at::int + (SELECT coalesce(max(position) + 1, 0) FROM edition_article WHERE edition_id = ${editionId}::uuid)
      FROM jsonb_array_elements_text(${JSON.stringify(articleIds)}::jsonb) WITH ORDINALITY AS a(id, at)
      ON CONFLICT DO NOTHING`);
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
