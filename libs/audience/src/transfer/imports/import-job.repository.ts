import { Injectable } from '@nestjs/common';
import { and, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { readerImport, type ImportState } from '#database/schema/index.js';
import type { PageQuery } from '#kernel/input/page.js';

export type ImportJob = typeof readerImport.$inferSelect;

/** States in which a process works on it. */
export const WORKED_ON: readonly ImportState[] = ['checking', 'running'];

const isFree = or(isNull(readerImport.leaseUntil), lt(readerImport.leaseUntil, sql`clock_timestamp()`));
const until = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

/** Imports. Their conditional updates are the locks. */
@Injectable()
export class ImportJobRepository {
  constructor(private readonly database: Database) {}

  async insert(row: ImportJob): Promise<void> {
    await this.database.db.insert(readerImport).values(row);
  }

  /** Newest first, reads one row more than the limit. */
  async page(publicationId: string, { limit, cursor }: PageQuery): Promise<ImportJob[]> {
    return this.database.db
      .select()
      .from(readerImport)
      .where(
        and(eq(readerImport.publicationId, publicationId), cursor ? lt(readerImport.id, cursor) : undefined),
      )
      .orderBy(desc(readerImport.id))
      .limit(limit + 1);
  }

  async find(publicationId: string, id: string): Promise<ImportJob | undefined> {
    const [row] = await this.database.db
      .select()
      .from(readerImport)
      .where(and(eq(readerImport.publicationId, publicationId), eq(readerImport.id, id)));
    return row;
  }

  /** Changes an import that is in one of these states. @returns the row, if it was */
  async change(
    publicationId: string,
    id: string,
    from: readonly ImportState[],
    change: Partial<ImportJob>,
    tx: Executor = this.database.db,
  ): Promise<ImportJob | undefined> {
    const [row] = await tx
      .update(readerImport)
      .set(change)
      .where(
        and(
          eq(readerImport.publicationId, publicationId),
          eq(readerImport.id, id),
          inArray(readerImport.status, [...from]),
        ),
      )
      .returning();
    return row;
  }

  /** Takes an import to work on it. @returns undefined when another process does, or nothing is to be done */
  async claim(id: string, leaseToken: string, leaseMs: number): Promise<ImportJob | undefined> {
    const [row] = await this.database.db
      .update(readerImport)
      .set({ leaseToken, leaseUntil: until(leaseMs) })
      .where(and(eq(readerImport.id, id), inArray(readerImport.status, [...WORKED_ON]), isFree))
      .returning();
    return row;
  }

  /** Writes down how far a claim has come, and renews it. @returns false: it was taken from us, or ended */
  async advance(
    tx: Executor,
    { id, status, leaseToken }: ImportJob,
    leaseMs: number,
    change: Partial<ImportJob> = {},
  ): Promise<boolean> {
    const rows = await tx
      .update(readerImport)
      .set({ ...change, leaseUntil: until(leaseMs) })
      .where(this.isOurs(id, status, leaseToken))
      .returning({ id: readerImport.id });
    return rows.length > 0;
  }

  /** Ends a claim. @returns false: it was taken from us, or ended */
  async settle(
    tx: Executor,
    { id, status, leaseToken }: ImportJob,
    change: Partial<ImportJob>,
  ): Promise<boolean> {
    const rows = await tx
      .update(readerImport)
      .set({ ...change, leaseToken: null, leaseUntil: null })
      .where(this.isOurs(id, status, leaseToken))
      .returning({ id: readerImport.id });
    return rows.length > 0;
  }

  /** Ids of those that wait for a process. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.db
      .select({ id: readerImport.id })
      .from(readerImport)
      .where(and(inArray(readerImport.status, [...WORKED_ON]), isFree));
    return rows.map((row) => row.id);
  }

  /** Of files that nobody took in and that are gone by now nothing of their readers stays either. */
  async forgetExpired(): Promise<void> {
    await this.database.db
      .update(readerImport)
      .set({ status: 'cancelled', samples: null, firstErrors: [], check: null })
      .where(and(inArray(readerImport.status, ['ready', 'checked']), isNull(readerImport.fileId)));
  }

  private isOurs(id: string, status: ImportState, leaseToken: string | null) {
    return and(
      eq(readerImport.id, id),
      eq(readerImport.status, status),
      leaseToken ? eq(readerImport.leaseToken, leaseToken) : undefined,
    );
  }
}
