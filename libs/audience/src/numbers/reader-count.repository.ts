import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { ReaderDimension, SubscriberStatus } from '#database/schema/index.js';

/** How many readers of a status share something. */
export interface ReaderCount {
  dimension: ReaderDimension;
  /** A locale, a source, a digest's id, `digest/topic`; `''` of the status alone. */
  key: string;
  status: SubscriberStatus;
  n: number;
}

/**
 * Counts of readers, which the database keeps as their rows change (the triggers `subscriber_counted_…` and `subscription_counted_…`):
 * exact, also while they are folded, and they cost the same however many readers there are.
 */
@Injectable()
export class ReaderCountRepository {
  constructor(private readonly database: Database) {}

  /** @param of of these alone: by what, and which. Those that nobody has are left out. */
  async counts(
    publicationId: string,
    of: { dimension?: ReaderDimension; key?: string } = {},
  ): Promise<ReaderCount[]> {
    const { dimension = null, key = null } = of;
    const wanted = sql`publication_id = ${publicationId}::uuid
      AND (${dimension}::text IS NULL OR dimension = ${dimension}) AND (${key}::text IS NULL OR key = ${key})`;
    const rows = await this.database.db.execute(sql`
      SELECT dimension, key, status, sum(n)::int AS n FROM (
        SELECT dimension, key, status, n FROM reader_count WHERE ${wanted}
        UNION ALL SELECT dimension, key, status, n FROM reader_count_delta WHERE ${wanted}) c
      GROUP BY 1, 2, 3 HAVING sum(n) <> 0`);
    return rowsOf<ReaderCount>(rows);
  }

  /**
   * Adds up what has changed. One statement takes rows and adds them, so each is in exactly one of both tables to whoever looks.
   * @returns how many rows were taken: fewer than the limit, and none is left but what others are taking
   */
  async fold(limit: number): Promise<number> {
    const [done] = rowsOf<{ n: number }>(
      await this.database.db.execute(sql`
      WITH taken AS (
        DELETE FROM reader_count_delta WHERE id = ANY (ARRAY(
          SELECT id FROM reader_count_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *),
      folded AS (
        INSERT INTO reader_count AS c (publication_id, dimension, key, status, n)
        SELECT publication_id, dimension, key, status, sum(n) FROM taken
        GROUP BY 1, 2, 3, 4 HAVING sum(n) <> 0 ORDER BY 1, 2, 3, 4
        ON CONFLICT (publication_id, dimension, key, status) DO UPDATE SET n = c.n + excluded.n)
      SELECT count(*)::int AS n FROM taken`),
    );
    return done?.n ?? 0;
  }
}
