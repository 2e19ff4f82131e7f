import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { isMailable } from '#audience/subscribers/mailable.js';
import type { Executor } from '#database/database.js';
import type { ReaderGroup } from '../selection/reader-groups.js';

/** How many readers there are of a zone and hour. */
export interface CountedGroup extends ReaderGroup {
  readers: number;
}

/** A set of articles and how many would get it. */
export interface CountedSet {
  locale: string;
  mask: string;
  more: boolean;
  recipients: number;
}

/** An edition of fewer says nothing of the speed. */
const TELLING_RECIPIENTS = 100;

/** What plans need of the database. It reads what `SelectionRepository.choose` has chosen in the same transaction. */
@Injectable()
export class PlanRepository {
  /** No statement of this transaction takes longer. */
  async limitTime(tx: Executor, milliseconds: number): Promise<void> {
    await tx.execute(sql`SET LOCAL statement_timeout = ${sql.raw(String(milliseconds))}`);
  }

  async groups(db: Executor, digestId: string, timeZone: string): Promise<CountedGroup[]> {
    return rows(
      db,
      sql`
      SELECT coalesce(s.time_zone, ${timeZone}::text) AS zone, u.hour, count(*)::int AS readers
      FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id
      WHERE u.digest_id = ${digestId} AND ${isMailable} GROUP BY 1, 2`,
    );
  }

  /** Those that most readers get, and how many there are in all. */
  async sets(tx: Executor, limit: number): Promise<{ top: CountedSet[]; count: number }> {
    const top = await rows<CountedSet & { count: number }>(
      tx,
      sql`
      SELECT locale, mask::text AS mask, more, count(*)::int AS recipients, (count(*) OVER ())::int AS count
      FROM wave_choice GROUP BY locale, mask, more ORDER BY count(*) DESC, locale, mask DESC LIMIT ${limit}`,
    );
    return { top: top.map(({ count: _, ...set }) => set), count: top[0]?.count ?? 0 };
  }

  /** For each candidate how many would get it. */
  async recipients(tx: Executor, size: number): Promise<number[]> {
    if (size === 0) return [];
    const sums = Array.from({ length: size }, (_, at) =>
      sql.raw(`coalesce(sum(get_bit(mask, ${at})), 0)::int AS "${at}"`),
    );
    const [row] = await rows<Record<string, number>>(
      tx,
      sql`SELECT ${sql.join(sums, sql`, `)} FROM wave_choice`,
    );
    return Array.from({ length: size }, (_, at) => row?.[at] ?? 0);
  }

  async titles(db: Executor, ids: readonly string[]): Promise<Map<string, string>> {
    const found = await rows<{ id: string; title: string }>(
      db,
      sql`
      SELECT a.id, a.title FROM article a
      JOIN jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) AS wanted(id) ON a.id = wanted.id::uuid`,
    );
    return new Map(found.map(({ id, title }) => [id, title]));
  }

  /** Messages a second of the last editions that were sent; null: there are none to go by. */
  async lastRate(db: Executor): Promise<number | null> {
    const [row] = await rows<{ rate: number | null }>(
      db,
      sql`
      SELECT (sum(recipients) / greatest(sum(extract(epoch FROM finished_at - started_at)), 1))::float8 AS rate
      FROM (SELECT recipients, finished_at, started_at FROM edition
            WHERE status = 'sent' AND waves = 1 AND recipients >= ${TELLING_RECIPIENTS} AND finished_at IS NOT NULL
            ORDER BY finished_at DESC LIMIT 3) e`,
    );
    return row?.rate ?? null;
  }
}

async function rows<T>(db: Executor, query: SQL): Promise<T[]> {
  const result: unknown = await db.execute(query);
  return (result as { rows: T[] }).rows;
}
