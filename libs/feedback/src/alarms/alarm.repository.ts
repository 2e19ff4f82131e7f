import { Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, inArray, isNotNull, isNull, lt, or, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { alarm, type AlarmCause } from '#database/schema/index.js';

export const ALARM_STATES = ['open', 'seen', 'gone'] as const;
export type AlarmState = (typeof ALARM_STATES)[number];

export type AlarmRow = typeof alarm.$inferSelect;
export type AlarmChanges = Partial<typeof alarm.$inferInsert>;

export interface AlarmPage {
  state?: AlarmState | undefined;
  cause?: AlarmCause | undefined;
  limit: number;
  before: string | undefined;
}

/** Not gone: of a cause and subject there is at most one. */
const isCurrent = inArray(alarm.state, ['open', 'seen']);
/** The receiver of calls has not heard that it began, or that it is over. */
const isUntold = or(
  isNull(alarm.calledAt),
  and(isNotNull(alarm.until), sql`${alarm.calledAt} < ${alarm.until}`),
);

/** Alarms in the database. */
@Injectable()
export class AlarmRepository {
  /** Keeps everybody else from this cause and subject until the transaction ends. */
  async lock(tx: Executor, cause: AlarmCause, subject: string): Promise<void> {
    await tx.execute(
      sql`SELECT pg_advisory_xact_lock(hashtextextended('alarm ' || ${cause}::text || ' ' || ${subject}::text, 0))`,
    );
  }

  async findCurrent(tx: Executor, cause: AlarmCause, subject: string): Promise<AlarmRow | undefined> {
    const [row] = await tx
      .select()
      .from(alarm)
      .where(and(eq(alarm.cause, cause), eq(alarm.subject, subject), isCurrent));
    return row;
  }

  /** All that are not gone. */
  async current(db: Executor, publicationId: string): Promise<AlarmRow[]> {
    return db
      .select()
      .from(alarm)
      .where(and(eq(alarm.publicationId, publicationId), isCurrent))
      .orderBy(asc(alarm.id));
  }

  async findById(db: Executor, publicationId: string, id: string): Promise<AlarmRow | undefined> {
    const [row] = await db
      .select()
      .from(alarm)
      .where(and(eq(alarm.publicationId, publicationId), eq(alarm.id, id)));
    return row;
  }

  /** Newest first by id. */
  async page(
    db: Executor,
    publicationId: string,
    { state, cause, limit, before }: AlarmPage,
  ): Promise<AlarmRow[]> {
    return db
      .select()
      .from(alarm)
      .where(
        and(
          eq(alarm.publicationId, publicationId),
          state ? eq(alarm.state, state) : undefined,
          cause ? eq(alarm.cause, cause) : undefined,
          before ? lt(alarm.id, before) : undefined,
        ),
      )
      .orderBy(desc(alarm.id))
      .limit(limit);
  }

  async insert(tx: Executor, row: typeof alarm.$inferInsert): Promise<void> {
    await tx.insert(alarm).values(row);
  }

  async update(tx: Executor, id: string, changes: AlarmChanges): Promise<void> {
    await tx.update(alarm).set(changes).where(eq(alarm.id, id));
  }

  /** Its cause was found again, and nothing about it is new. */
  async touch(db: Executor, ids: readonly string[], now: Date): Promise<void> {
    if (ids.length === 0) return;
    await db
      .update(alarm)
      .set({ updatedAt: now })
      .where(inArray(alarm.id, [...ids]));
  }

  /** @returns false: it was not open */
  async markSeen(db: Executor, id: string, by: string | null, now: Date): Promise<boolean> {
    const rows = await db
      .update(alarm)
      .set({ state: 'seen', seenAt: now, seenBy: by })
      .where(and(eq(alarm.id, id), eq(alarm.state, 'open')))
      .returning({ id: alarm.id });
    return rows.length === 1;
  }

  /** Ends it. A call that told of its beginning is always before its end. */
  async end(tx: Executor, id: string, now: Date): Promise<void> {
    const at = sql`${now.toISOString()}::timestamptz`;
    await tx
      .update(alarm)
      .set({
        state: 'gone',
        until: sql`greatest(${at}, ${alarm.calledAt} + interval '1 millisecond')`,
        updatedAt: now,
      })
      .where(and(eq(alarm.id, id), isCurrent));
  }

  /** How many are open, by cause. */
  async countOpen(db: Executor): Promise<{ cause: AlarmCause; open: number }[]> {
    return db
      .select({ cause: alarm.cause, open: count() })
      .from(alarm)
      .where(eq(alarm.state, 'open'))
      .groupBy(alarm.cause);
  }

  /** Of which the receiver of calls is still to hear, and it is not given up; oldest first. @param tries how often a call is tried */
  async untold(db: Executor, publicationId: string, tries: number, limit: number): Promise<AlarmRow[]> {
    return db
      .select()
      .from(alarm)
      .where(and(eq(alarm.publicationId, publicationId), isUntold, lt(alarm.failedCalls, tries)))
      .orderBy(asc(alarm.id))
      .limit(limit);
  }

  /** Counts a try as failed before it is made, so that no other worker makes it too. @returns whether it is ours */
  async beginCall(db: Executor, { id, failedCalls, calledAt }: AlarmRow): Promise<boolean> {
    const rows = await db
      .update(alarm)
      .set({ failedCalls: failedCalls + 1 })
      .where(
        and(
          eq(alarm.id, id),
          eq(alarm.failedCalls, failedCalls),
          calledAt ? eq(alarm.calledAt, calledAt) : isNull(alarm.calledAt),
        ),
      )
      .returning({ id: alarm.id });
    return rows.length === 1;
  }

  /**
   * The receiver has heard it.
   * @param told the row that the call was made from; what has become worse since is told anew
   */
  async endCall(db: Executor, { id, mailedAt }: AlarmRow, isEnd: boolean, now: Date): Promise<void> {
    const at = sql`${now.toISOString()}::timestamptz`;
    await db
      .update(alarm)
      .set({
        failedCalls: 0,
        calledAt: isEnd
          ? sql`greatest(${at}, ${alarm.until})`
          : sql`CASE WHEN ${alarm.until} IS NULL THEN ${at} ELSE least(${at}, ${alarm.until} - interval '1 millisecond') END`,
      })
      .where(and(eq(alarm.id, id), mailedAt ? eq(alarm.mailedAt, mailedAt) : isNull(alarm.mailedAt)));
  }
}
