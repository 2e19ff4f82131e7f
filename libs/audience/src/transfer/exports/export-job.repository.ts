import { Injectable } from '@nestjs/common';
import { and, desc, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { readerExport } from '#database/schema/index.js';
import type { PageQuery } from '#kernel/input/page.js';

export type ExportJob = typeof readerExport.$inferSelect;

const isFree = or(isNull(readerExport.leaseUntil), lt(readerExport.leaseUntil, sql`clock_timestamp()`));
const until = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'`;

/** Exports. Their conditional updates are the locks. */
@Injectable()
export class ExportJobRepository {
  constructor(private readonly database: Database) {}

  async insert(tx: Executor, row: ExportJob): Promise<void> {
    await tx.insert(readerExport).values(row);
  }

  /** Newest first, reads one row more than the limit. */
  async page(publicationId: string, { limit, cursor }: PageQuery): Promise<ExportJob[]> {
    return this.database.db
      .select()
      .from(readerExport)
      .where(
        and(eq(readerExport.publicationId, publicationId), cursor ? lt(readerExport.id, cursor) : undefined),
      )
      .orderBy(desc(readerExport.id))
      .limit(limit + 1);
  }

  async find(publicationId: string, id: string): Promise<ExportJob | undefined> {
    const [row] = await this.database.db
      .select()
      .from(readerExport)
      .where(and(eq(readerExport.publicationId, publicationId), eq(readerExport.id, id)));
    return row;
  }

  /** @returns undefined when another process has it, or nothing is to be done */
  async claim(id: string, leaseToken: string, leaseMs: number): Promise<ExportJob | undefined> {
    const [row] = await this.database.db
      .update(readerExport)
      .set({ leaseToken, leaseUntil: until(leaseMs) })
      .where(and(eq(readerExport.id, id), eq(readerExport.status, 'running'), isFree))
      .returning();
    return row;
  }

  /** Writes down how far a claim has come, and renews it. @returns false: it was taken from us, or ended */
  async advance(
    tx: Executor,
    { id, leaseToken }: ExportJob,
    leaseMs: number,
    change: Partial<ExportJob>,
  ): Promise<boolean> {
    return this.change(tx, id, { ...change, leaseUntil: until(leaseMs) }, leaseToken);
  }

  /** Ends a claim. @returns false: it was taken from us, or ended */
  async settle(tx: Executor, { id, leaseToken }: ExportJob, change: Partial<ExportJob>): Promise<boolean> {
    return this.change(tx, id, { ...change, leaseToken: null, leaseUntil: null }, leaseToken);
  }

  /** Ends one that is being written, whoever has it. @returns whether it was */
  async cancel(tx: Executor, id: string, finishedAt: Date): Promise<boolean> {
    const change = { status: 'cancelled' as const, fileId: null, leaseToken: null, leaseUntil: null };
    return this.change(tx, id, { ...change, finishedAt }, null);
  }

  /** Ids of those that wait for a process. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.db
      .select({ id: readerExport.id })
      .from(readerExport)
      .where(and(eq(readerExport.status, 'running'), isFree));
    return rows.map((row) => row.id);
  }

  private async change(
    tx: Executor,
    id: string,
    change: Parameters<ReturnType<typeof tx.update<typeof readerExport>>['set']>[0],
    leaseToken: string | null,
  ): Promise<boolean> {
    const rows = await tx
      .update(readerExport)
      .set(change)
      .where(
        and(
          eq(readerExport.id, id),
          eq(readerExport.status, 'running'),
          leaseToken ? eq(readerExport.leaseToken, leaseToken) : undefined,
        ),
      )
      .returning({ id: readerExport.id });
    return rows.length > 0;
  }
}
