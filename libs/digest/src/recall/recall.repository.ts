import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { article } from '#database/schema/index.js';

/** A wave with articles that may not be sent any more. */
export interface RecalledWave {
  wave: number;
  /** A bit for each of its articles: 1 what may be sent. */
  kept: string;
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

/** Finds what was taken back; delivery takes it out of what waits. */
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
}
