import { Injectable } from '@nestjs/common';
import { asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { readerClick, readerOpen, subscriber } from '#database/schema/index.js';
import { isMeasured } from './is-measured.js';

/** What a reader did with an edition, added up since it was last stored. Times in milliseconds. */
interface Seen {
  editionId: string;
  subscriberId: string;
  firstAt: number;
  lastAt: number;
}
export type SeenClick = Seen & { number: number; count: number };
export type SeenOpen = Seen & { opened: number; prefetched: number };

/** What is stored of readers who agreed to be measured. */
@Injectable()
export class MeasuredReaderRepository {
  constructor(private readonly database: Database) {}

  /** Sets since when a reader is measured; null: not any more. */
  async setMeasured(tx: Executor, ids: readonly string[], since: Date | null): Promise<void> {
    await tx
      .update(subscriber)
      .set({ measuredSince: since })
      .where(inArray(subscriber.id, [...ids]));
  }

  /** Takes away all that was stored of them. After {@link setMeasured}, so that nothing comes after it. */
  async forget(tx: Executor, ids: readonly string[]): Promise<void> {
    await tx.delete(readerClick).where(inArray(readerClick.subscriberId, [...ids]));
    await tx.delete(readerOpen).where(inArray(readerOpen.subscriberId, [...ids]));
  }

  /**
   * Adds what readers did, of those alone who agree at this moment and did when they did it; what is of no link or edition that there is, is left
   * out. All their rows are locked at once, in the order of ids, as others lock many.
   */
  async add(
    tx: Executor,
    { clicks, opens }: { clicks: readonly SeenClick[]; opens: readonly SeenOpen[] },
  ): Promise<void> {
    if (clicks.length + opens.length === 0) return;
    const since = await this.lockAgreeing(tx, [...clicks, ...opens]);
    // Of what was added up, the first counts: of two agreements none says anything of what lay between them.
    const isAgreed = ({ subscriberId, firstAt }: Seen) => firstAt >= (since.get(subscriberId) ?? Infinity);
    await this.addClicks(tx, clicks.filter(isAgreed));
    await this.addOpens(tx, opens.filter(isAgreed));
  }

  /**
   * Who of them agrees now, and since when, in milliseconds. Their rows are held: a withdrawal waits, and then takes away what was stored; one that
   * came first is seen.
   */
  private async lockAgreeing(tx: Executor, seen: readonly Seen[]): Promise<Map<string, number>> {
    const ids = JSON.stringify([...new Set(seen.map(({ subscriberId }) => subscriberId))]);
    const rows = await tx.execute(sql`
      SELECT s.id, (extract(epoch FROM s.measured_since) * 1000)::float8 AS since FROM subscriber s
      WHERE s.id IN (SELECT value::uuid FROM jsonb_array_elements_text(${ids}::jsonb)) AND ${isMeasured}
      ORDER BY s.id FOR SHARE OF s`);
    return new Map(rowsOf<{ id: string; since: number }>(rows).map(({ id, since }) => [id, since]));
  }

  private async addClicks(tx: Executor, clicks: readonly SeenClick[]): Promise<void> {
    if (clicks.length === 0) return;
    const seen = sql`jsonb_to_recordset(${JSON.stringify(clicks)}::jsonb) AS v("editionId" uuid, "subscriberId" uuid,
      number int, "firstAt" float8, "lastAt" float8, count int)`;
    await tx.execute(sql`
      INSERT INTO reader_click (subscriber_id, edition_id, number, first_at, last_at, count)
      SELECT v."subscriberId", v."editionId", v.number, to_timestamp(v."firstAt" / 1000), to_timestamp(v."lastAt" / 1000), v.count
      FROM ${seen} JOIN edition_link l ON l.edition_id = v."editionId" AND l.number = v.number
      ORDER BY v."subscriberId", v."editionId", v.number
      ON CONFLICT (subscriber_id, edition_id, number) DO UPDATE SET first_at = least(reader_click.first_at, excluded.first_at),
        last_at = greatest(reader_click.last_at, excluded.last_at), count = reader_click.count + excluded.count`);
  }

  private async addOpens(tx: Executor, opens: readonly SeenOpen[]): Promise<void> {
    if (opens.length === 0) return;
    const seen = sql`jsonb_to_recordset(${JSON.stringify(opens)}::jsonb) AS v("editionId" uuid, "subscriberId" uuid,
      "firstAt" float8, "lastAt" float8, opened int, prefetched int)`;
    await tx.execute(sql`
      INSERT INTO reader_open (subscriber_id, edition_id, first_at, last_at, opened, prefetched)
      SELECT v."subscriberId", v."editionId", to_timestamp(v."firstAt" / 1000), to_timestamp(v."lastAt" / 1000), v.opened, v.prefetched
      FROM ${seen} JOIN edition e ON e.id = v."editionId"
      ORDER BY v."subscriberId", v."editionId"
      ON CONFLICT (subscriber_id, edition_id) DO UPDATE SET first_at = least(reader_open.first_at, excluded.first_at),
        last_at = greatest(reader_open.last_at, excluded.last_at), opened = reader_open.opened + excluded.opened,
        prefetched = reader_open.prefetched + excluded.prefetched`);
  }

  /** All that is stored of a reader, oldest edition first. */
  async of(id: string) {
    const { db } = this.database;
    const clicks = await db
      .select({
        editionId: readerClick.editionId,
        number: readerClick.number,
        firstAt: readerClick.firstAt,
        lastAt: readerClick.lastAt,
        count: readerClick.count,
      })
      .from(readerClick)
      .where(eq(readerClick.subscriberId, id))
      .orderBy(asc(readerClick.editionId), asc(readerClick.number));
    const opens = await db
      .select({
        editionId: readerOpen.editionId,
        firstAt: readerOpen.firstAt,
        lastAt: readerOpen.lastAt,
        opened: readerOpen.opened,
        prefetched: readerOpen.prefetched,
      })
      .from(readerOpen)
      .where(eq(readerOpen.subscriberId, id))
      .orderBy(asc(readerOpen.editionId));
    return { clicks, opens };
  }

  /** Forgets some of what was last seen before an instant. @returns how many rows */
  async forgetOld(before: Date, limit: number): Promise<number> {
    const old = (table: SQL) => sql`
      DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${table} WHERE last_at < ${before.toISOString()}::timestamptz LIMIT ${limit}::int)) RETURNING 1 AS one`;
    const clicks = rowsOf(await this.database.db.execute(old(sql`reader_click`)));
    const opens = rowsOf(await this.database.db.execute(old(sql`reader_open`)));
    return clicks.length + opens.length;
  }
}
