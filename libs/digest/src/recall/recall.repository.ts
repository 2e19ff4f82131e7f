import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { article } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

/** What the ledger says of a reader for whom nothing is left. */
const NOTHING_LEFT = 'all of it was taken back before it was begun';

/** A wave with articles that may not be sent any more. */
export interface RecalledWave {
  wave: number;
  /** A bit for each of its articles: 1 what may be sent. */
  kept: string;
}

/** Readers of one batch of a wave. */
export interface WaveBatch {
  editionId: string;
  wave: number;
  batch: number;
}

/**
 * A query of the ids of an edition's articles that were retracted, put under embargo or made drafts again since they
 * were chosen. A correction may be of an article that was retracted: it has none.
 * What was public when it was chosen is not too early now: the machine that chose it may have a clock ahead of ours.
 * @param editionId an expression
 */
export function withheldArticles(editionId: SQL, now: Date): SQL {
  const at = sql`greatest(${now.toISOString()}::timestamptz, (
    SELECT max(cutoff) FROM edition_wave WHERE edition_id = ${editionId}))`;
  return sql`
    SELECT ${article.id} FROM edition_article held JOIN edition holder ON holder.id = held.edition_id
    JOIN ${article} ON ${article.id} = held.article_id
    WHERE held.edition_id = ${editionId} AND holder.kind <> 'correction' AND NOT ${isPublic(at)}`;
}

/** Takes articles out of what waits to be sent. */
@Injectable()
export class RecallRepository {
  /** Waves of an edition with articles that may not be sent now: as a rule none, at the cost of a look at each article. */
  async recalledWaves(db: Executor, editionId: string, now: Date): Promise<RecalledWave[]> {
    const result = await db.execute(sql`
      WITH withheld AS MATERIALIZED (${withheldArticles(sql`${editionId}::uuid`, now)})
      SELECT w.wave, (
        SELECT string_agg(CASE WHEN a.id IN (SELECT id FROM withheld) THEN '0' ELSE '1' END, '' ORDER BY a.at)
        FROM unnest(w.article_ids) WITH ORDINALITY AS a(id, at)) AS kept
      FROM edition_wave w WHERE w.edition_id = ${editionId} AND w.article_ids && ARRAY(SELECT id FROM withheld)`);
    return rowsOf<RecalledWave>(result);
  }

  /**
   * Gives the waiting readers of a batch variants without what may not be sent any more; the ledger says from then on
   * what they will really get. Who would get nothing is suppressed, or left uncertain when an earlier try may have got
   * through. A mail that was meant to be without articles stays as it is.
   *
   * One statement. Two at once do the same, and the second finds nothing to do. The variants are picked out before their masks
   * are cut: those of other waves have other lengths, and to cut one of them is an error.
   */
  async recall(db: Executor, { editionId, wave, batch }: WaveBatch, kept: string): Promise<void> {
    // The first part of a new id and a number, as when the wave was frozen.
    const prefix = newId().slice(0, 24);
    const waits = sql`d.edition_id = ${editionId}::uuid AND d.batch = ${batch}::int AND d.status = 'queued'`;
    await db.execute(sql`
      WITH waiting AS MATERIALIZED (
        SELECT v.id, v.content_id, v.locale, v.more, v.mask
        FROM (SELECT DISTINCT d.variant_id FROM delivery d WHERE ${waits} AND d.wave = ${wave}::int) w
        JOIN variant v ON v.id = w.variant_id),
      changed AS MATERIALIZED (
        SELECT id, content_id, locale, more, (mask & ${kept}::text::bit varying)::bit varying AS mask
        FROM waiting WHERE (mask & ${kept}::text::bit varying)::bit varying <> mask),
      wanted AS MATERIALIZED (
        SELECT DISTINCT content_id, locale, more, mask FROM changed WHERE bit_count(mask) > 0),
      known AS MATERIALIZED (
        SELECT DISTINCT ON (content_id, more, mask) v.id, content_id, more, mask
        FROM wanted JOIN variant v USING (content_id, locale, more, mask)
        WHERE v.edition_id = ${editionId}::uuid AND v.wave = ${wave}::int ORDER BY content_id, more, mask, v.id),
      made AS (
        INSERT INTO variant (id, edition_id, wave, content_id, locale, mask, more)
        SELECT (${prefix}::text || lpad(to_hex(row_number() OVER ()), 12, '0'))::uuid, ${editionId}::uuid, ${wave}::int,
          content_id, locale, mask, more
        FROM wanted WHERE NOT EXISTS (
          SELECT 1 FROM known k WHERE k.content_id = wanted.content_id AND k.more = wanted.more AND k.mask = wanted.mask)
        RETURNING id, content_id, more, mask),
      target AS (SELECT * FROM known UNION ALL SELECT * FROM made),
      moved AS (
        UPDATE delivery d SET variant_id = t.id, updated_at = now()
        FROM changed c JOIN target t ON t.content_id = c.content_id AND t.more = c.more AND t.mask = c.mask
        WHERE ${waits} AND d.variant_id = c.id)
      UPDATE delivery d SET status = CASE WHEN d.in_doubt THEN 'uncertain' ELSE 'suppressed' END,
        smtp_reply = ${NOTHING_LEFT}, updated_at = now()
      FROM changed c WHERE ${waits} AND d.variant_id = c.id AND bit_count(c.mask) = 0`);
  }
}
