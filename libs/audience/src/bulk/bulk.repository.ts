import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, inArray, lt, notInArray, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { readerBulk, readerBulkChange, type BulkState } from '#database/schema/index.js';
import type { PageQuery } from '#kernel/input/page.js';

export type ReaderBulk = typeof readerBulk.$inferSelect;

/** What one reader was before. */
export interface BulkChange {
  subscriberId: string;
  before: unknown;
}

/** States in which there is work. */
const AT_WORK: readonly BulkState[] = ['waiting', 'running', 'undoing'];

/** What is done to many readers at once. The row is the lock: who works on it holds it. */
@Injectable()
export class BulkRepository {
  constructor(private readonly database: Database) {}

  async insert(row: ReaderBulk): Promise<void> {
    await this.database.db.insert(readerBulk).values(row);
  }

  async find(publicationId: string, id: string): Promise<ReaderBulk | undefined> {
    const [row] = await this.database.db
      .select()
      .from(readerBulk)
      .where(and(eq(readerBulk.publicationId, publicationId), eq(readerBulk.id, id)));
    return row;
  }

  async byId(id: string): Promise<ReaderBulk | undefined> {
    const [row] = await this.database.db.select().from(readerBulk).where(eq(readerBulk.id, id));
    return row;
  }

  /** Newest first. Reads one row more. */
  async page(publicationId: string, { limit, cursor }: PageQuery): Promise<ReaderBulk[]> {
    return this.database.db
      .select()
      .from(readerBulk)
      .where(and(eq(readerBulk.publicationId, publicationId), cursor ? lt(readerBulk.id, cursor) : undefined))
      .orderBy(desc(readerBulk.id))
      .limit(limit + 1);
  }

  /** Those that somebody should be working on. */
  async due(now: Date): Promise<string[]> {
    const rows = await this.database.db
      .select({ id: readerBulk.id })
      .from(readerBulk)
      .where(
        and(
          inArray(readerBulk.state, [...AT_WORK]),
          sql`${readerBulk.beginsAt} <= ${now.toISOString()}::timestamptz`,
        ),
      );
    return rows.map((row) => row.id);
  }

  /** The row, held to the end of the transaction; undefined: somebody else holds it, or it is gone. */
  async hold(tx: Executor, id: string): Promise<ReaderBulk | undefined> {
    const [row] = await tx
      .select()
      .from(readerBulk)
      .where(eq(readerBulk.id, id))
      .for('update', { skipLocked: true });
    return row;
  }

  /** @returns whether it was in this state until now */
  async move(
    id: string,
    from: BulkState,
    change: Partial<ReaderBulk> & { state: BulkState },
  ): Promise<boolean> {
    const rows = await this.database.db
      .update(readerBulk)
      .set(change)
      .where(and(eq(readerBulk.id, id), eq(readerBulk.state, from)))
      .returning({ id: readerBulk.id });
    return rows.length > 0;
  }

  async update(tx: Executor, id: string, change: Partial<ReaderBulk>): Promise<void> {
    await tx.update(readerBulk).set(change).where(eq(readerBulk.id, id));
  }

  async keep(tx: Executor, bulkId: string, changes: readonly BulkChange[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.insert(readerBulkChange).values(changes.map((change) => ({ bulkId, ...change })));
  }

  /** Some of the changes that are to be undone, and forgets them. */
  async take(tx: Executor, bulkId: string, limit: number): Promise<BulkChange[]> {
    const next = tx
      .select({ id: readerBulkChange.subscriberId })
      .from(readerBulkChange)
      .where(eq(readerBulkChange.bulkId, bulkId))
      .orderBy(asc(readerBulkChange.subscriberId))
      .limit(limit);
    return tx
      .delete(readerBulkChange)
      .where(and(eq(readerBulkChange.bulkId, bulkId), inArray(readerBulkChange.subscriberId, next)))
      .returning({ subscriberId: readerBulkChange.subscriberId, before: readerBulkChange.before });
  }

  /** Forgets some of what nobody can undo any more. @returns how many */
  async forgetBefore(before: Date, limit: number): Promise<number> {
    const { db } = this.database;
    const old = db
      .select({ id: readerBulk.id })
      .from(readerBulk)
      .where(and(lt(readerBulk.createdAt, before), notInArray(readerBulk.state, [...AT_WORK])));
    const some = db
      .select({ id: readerBulkChange.subscriberId })
      .from(readerBulkChange)
      .where(inArray(readerBulkChange.bulkId, old))
      .limit(limit);
    const rows = await db
      .delete(readerBulkChange)
      .where(and(inArray(readerBulkChange.bulkId, old), inArray(readerBulkChange.subscriberId, some)))
      .returning({ id: readerBulkChange.subscriberId });
    return rows.length;
  }
}
