import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { countFrozen } from '#audience/numbers/count-in-articles.js';
import { countInEditions } from '#audience/numbers/count-in-editions.js';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** An edition is cut into so many batches, so that every worker has its share of a small one too; */
const BATCHES = 16;
/** but a batch has no fewer readers than a handful of connections sends in a moment, */
const SMALLEST_BATCH = 50;
/** and no more than a job may hold: enough that it costs nothing beside its messages. */
const LARGEST_BATCH = 2_000;

/** A wave whose selection is at hand in this transaction. */
export interface FreezeRequest {
  editionId: string;
  wave: number;
  now: Date;
}

/** Writes the frozen audience of a wave. */
@Injectable()
export class FreezeRepository {
  smallestBatch = SMALLEST_BATCH;

  /**
   * Freezes: one INSERT … SELECT writes every delivery of the wave that `WaveService` has chosen in the same transaction, with its
   * variant and batch, and counts them. Batches go on counting where the wave before ended.
   * @returns how many readers the wave has, and its batches
   */
  async freeze(
    tx: Executor,
    { editionId, wave, now }: FreezeRequest,
  ): Promise<{ recipients: number; from: number; batches: number }> {
    const at = now.toISOString();
    const [before] = rowsOf<{ batches: number; articles: number | null }>(
      await tx.execute(sql`
      SELECT e.batches, cardinality(w.article_ids) AS articles
      FROM edition e LEFT JOIN edition_wave w ON w.edition_id = e.id AND w.wave = ${wave}::int WHERE e.id = ${editionId}::uuid`),
    );
    const from = before?.batches ?? 0;
    const [sums] = rowsOf<{ recipients: number; batches: number }>(
      await tx.execute(sql`
      WITH made AS (INSERT INTO delivery (edition_id, subscriber_id, variant_id, wave, batch, status, due_at, updated_at)
      SELECT ${editionId}::uuid, c.subscriber_id, v.id, ${wave}::int,
             ${from}::int + (row_number() OVER (ORDER BY c.subscriber_id) - 1)
               / least(greatest(count(*) OVER () / ${BATCHES}::int + 1, ${this.smallestBatch}::int), ${LARGEST_BATCH}::int), 'queued', ${at}::timestamptz, ${at}::timestamptz
      FROM wave_choice c JOIN wave_variant v ON v.locale = c.locale AND v.mask = c.mask AND v.more = c.more
      ON CONFLICT DO NOTHING RETURNING edition_id, subscriber_id, variant_id, batch),
      counted AS (${countInEditions(sql`made`, { frozen: sql`true` }, now)}),
      in_articles AS (${countFrozen(sql`made`, { editionId, wave, articles: before?.articles ?? 0 })})
      SELECT count(*)::int AS recipients, coalesce(max(batch) + 1, ${from})::int AS batches FROM made`),
    );
    return { recipients: sums?.recipients ?? 0, from, batches: sums?.batches ?? from };
  }
}
