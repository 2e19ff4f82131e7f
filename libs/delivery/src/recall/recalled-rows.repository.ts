import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { countInMasks, frozenHour } from '#audience/numbers/count-in-articles.js';
import { Database } from '#database/database.js';
import { insertVariants } from '#digest/content/insert-variants.js';

/** What the ledger says of a reader for whom nothing is left. */
const NOTHING_LEFT = 'all of it was taken back before it was begun';

/** Readers of one batch of a wave. */
export interface WaveBatch {
  editionId: string;
  wave: number;
  batch: number;
}

/** Takes articles out of rows of the ledger that wait to be sent. */
@Injectable()
export class RecalledRowsRepository {
  constructor(private readonly database: Database) {}

  /**
   * Gives the waiting readers of a batch variants without what may not be sent any more; the ledger says from then on
   * what they will really get. Who would get nothing is suppressed, or left uncertain when an earlier try may have got
   * through. A mail that was meant to be without articles stays as it is.
   *
   * One statement. Two at once do the same, and the second finds nothing to do. The variants are picked out before their masks
   * are cut: those of other waves have other lengths, and to cut one of them is an error.
   * @param kept a bit for each of the wave's articles: 1 what may be sent
   */
  async cut({ editionId, wave, batch }: WaveBatch, kept: string): Promise<void> {
    // What was counted when the wave was frozen is taken back: these readers do not get the article.
    const dropped = sql`
      SELECT ${editionId}::uuid AS edition_id, ${wave}::int AS wave, v.mask & ~c.mask AS mask, -m.n AS frozen
      FROM (SELECT was, count(*)::int AS n FROM moved GROUP BY was) m
      JOIN changed c ON c.id = m.was JOIN waiting v ON v.id = m.was`;
    const waits = sql`d.edition_id = ${editionId}::uuid AND d.batch = ${batch}::int AND d.status = 'queued'`;
    const unknown = sql`
      SELECT content_id, locale, mask, more FROM wanted WHERE NOT EXISTS (
        SELECT 1 FROM known k WHERE k.content_id = wanted.content_id AND k.more = wanted.more AND k.mask = wanted.mask)`;
    await this.database.db.execute(sql`
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
      made AS (${insertVariants({ editionId, wave }, unknown)}),
      target AS (SELECT * FROM known UNION ALL SELECT * FROM made),
      moved AS (
        UPDATE delivery d SET variant_id = t.id, updated_at = now()
        FROM changed c JOIN target t ON t.content_id = c.content_id AND t.more = c.more AND t.mask = c.mask
        WHERE ${waits} AND d.variant_id = c.id RETURNING c.id AS was),
      in_articles AS (${countInMasks(dropped, ['frozen'], frozenHour(editionId, wave))})
      UPDATE delivery d SET status = CASE WHEN d.in_doubt THEN 'uncertain' ELSE 'suppressed' END,
        smtp_reply = ${NOTHING_LEFT}, updated_at = now()
      FROM changed c WHERE ${waits} AND d.variant_id = c.id AND bit_count(c.mask) = 0`);
  }
}
