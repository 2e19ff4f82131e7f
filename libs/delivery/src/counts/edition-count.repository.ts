import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

const STATES = [
  'queued',
  'claimed',
  'accepted',
  'deferred',
  'failed',
  'suppressed',
  'expired',
  'uncertain',
].map((state) => sql.raw(state));

/** An edition's outcomes are told apart by so many different words; what is said beyond is counted without them. */
const MOST_WORDS = 300;

/**
 * Adds up what the trigger on `delivery` and the statements that write outcomes have counted. One statement takes rows and adds them, so
 * each is in exactly one of both tables to whoever looks, whatever is killed and however many fold at once.
 */
@Injectable()
export class EditionCountRepository {
  constructor(private readonly database: Database) {}

  /** The states of deliveries. @returns how many rows were taken: fewer than the limit, and none is left but what others are taking */
  async foldStates(limit: number): Promise<number> {
    const each = (write: (state: SQL) => SQL) => sql.join(STATES.map(write), sql`, `);
    return this.fold(sql`
      WITH taken AS (
        DELETE FROM edition_count_delta WHERE id = ANY (ARRAY(
          SELECT id FROM edition_count_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *),
      folded AS (
        INSERT INTO edition_count AS c (edition_id, ${each((state) => state)})
        SELECT t.edition_id, ${each((state) => sql`sum(t.${state})`)} FROM taken t JOIN edition e ON e.id = t.edition_id
        GROUP BY 1 ORDER BY 1
        ON CONFLICT (edition_id) DO UPDATE SET ${each((state) => sql`${state} = c.${state} + excluded.${state}`)})
      SELECT count(*)::int AS n FROM taken`);
  }

  /** Outcomes by reply and provider. @returns as {@link foldStates} */
  async foldOutcomes(limit: number): Promise<number> {
    return this.fold(sql`
      WITH taken AS (
        DELETE FROM edition_outcome_delta WHERE id = ANY (ARRAY(
          SELECT id FROM edition_outcome_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *),
      full_up AS MATERIALIZED (
        SELECT edition_id FROM edition_outcome WHERE edition_id IN (SELECT edition_id FROM taken)
        GROUP BY 1 HAVING count(*) > ${MOST_WORDS}::int),
      folded AS (
        INSERT INTO edition_outcome AS o (edition_id, status, class, code, words, provider, n)
        SELECT edition_id, status, class, code, CASE WHEN edition_id IN (SELECT edition_id FROM full_up) AND NOT EXISTS (
            SELECT 1 FROM edition_outcome k WHERE k.edition_id = t.edition_id AND k.status = t.status AND k.class = t.class
              AND k.code = t.code AND k.words = t.words AND k.provider = t.provider) THEN '' ELSE words END, provider, sum(n)
        FROM taken t WHERE EXISTS (SELECT 1 FROM edition e WHERE e.id = t.edition_id)
        GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
        ON CONFLICT (edition_id, status, class, code, words, provider) DO UPDATE SET n = o.n + excluded.n)
      SELECT count(*)::int AS n FROM taken`);
  }

  private async fold(query: SQL): Promise<number> {
    return rowsOf<{ n: number }>(await this.database.db.execute(query))[0]?.n ?? 0;
  }
}
