import { Injectable } from '@nestjs/common';
import { and, eq, inArray, notExists, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { feedbackEvent, subscriber, suppression, type SubscriberStatus } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';

export type Subscriber = typeof subscriber.$inferSelect;

/** What a reader's own links may do to their row. The conditional updates are the locks. */
@Injectable()
export class ReaderRepository {
  constructor(private readonly database: Database) {}

  async find(id: string, db: Executor = this.database.db): Promise<Subscriber | undefined> {
    const [row] = await db.select().from(subscriber).where(eq(subscriber.id, id));
    return row;
  }

  /** pending → active, unless the address is suppressed. @returns the row, if it was this call that did it */
  async activate(tx: Executor, id: string, now: Date): Promise<Subscriber | undefined> {
    const suppressed = tx
      .select({ one: sql`1` })
      .from(suppression)
      .where(
        and(
          eq(suppression.publicationId, subscriber.publicationId),
          eq(suppression.addressHmac, subscriber.addressHmac),
        ),
      );
    const [row] = await tx
      .update(subscriber)
      .set({ status: 'active', confirmedAt: now, unsubscribedAt: null, updatedAt: now })
      .where(and(eq(subscriber.id, id), eq(subscriber.status, 'pending'), notExists(suppressed)))
      .returning();
    return row;
  }

  /** One of these states → unsubscribed. @returns the row, if it was this call that did it */
  async leave(
    tx: Executor,
    id: string,
    from: readonly SubscriberStatus[],
    now: Date,
  ): Promise<Subscriber | undefined> {
    const [row] = await this.leaveThese(tx, [id], from, now);
    return row;
  }

  /** The same of several. @returns those whose state this call changed */
  async leaveThese(
    tx: Executor,
    ids: readonly string[],
    from: readonly SubscriberStatus[],
    now: Date,
  ): Promise<Subscriber[]> {
    return tx
      .update(subscriber)
      .set({ status: 'unsubscribed', unsubscribedAt: now, updatedAt: now })
      .where(and(inArray(subscriber.id, [...ids]), inArray(subscriber.status, [...from])))
      .returning();
  }

  /** A reader, locked. */
  async lock(tx: Executor, id: string): Promise<Subscriber | undefined> {
    const [row] = await tx.select().from(subscriber).where(eq(subscriber.id, id)).for('update');
    return row;
  }

  /** Whatever they were, they complained. */
  async setComplained(tx: Executor, id: string, now: Date): Promise<void> {
    await tx
      .update(subscriber)
      .set({ status: 'complained', unsubscribedAt: now, updatedAt: now })
      .where(eq(subscriber.id, id));
  }

  /** Whether a reader has done this before because of an edition: called it spam, left by it. */
  async hasDone(
    tx: Executor,
    subscriberId: string,
    type: 'complaint' | 'unsubscribe',
    editionId: string,
  ): Promise<boolean> {
    const rows = await tx
      .select({ id: feedbackEvent.id })
      .from(feedbackEvent)
      .where(
        and(
          eq(feedbackEvent.subscriberId, subscriberId),
          eq(feedbackEvent.editionId, editionId),
          eq(feedbackEvent.type, type),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }

  /** Notes what a reader did. */
  async recordEvent(
    tx: Executor,
    { id, publicationId }: Subscriber,
    event: Omit<typeof feedbackEvent.$inferInsert, 'id' | 'publicationId' | 'subscriberId'>,
  ): Promise<void> {
    await tx.insert(feedbackEvent).values({ id: newId(), publicationId, subscriberId: id, ...event });
  }

  /** The same of several readers of one publication. */
  async recordEvents(
    tx: Executor,
    readers: readonly Pick<Subscriber, 'id' | 'publicationId'>[],
    event: Omit<typeof feedbackEvent.$inferInsert, 'id' | 'publicationId' | 'subscriberId'>,
  ): Promise<void> {
    if (readers.length === 0) return;
    await tx
      .insert(feedbackEvent)
      .values(
        readers.map(({ id, publicationId }) => ({ id: newId(), publicationId, subscriberId: id, ...event })),
      );
  }

  async recordUnsubscribe(
    tx: Executor,
    row: Subscriber,
    editionId: string | null,
    method: string,
    at: Date,
  ): Promise<void> {
    await this.recordEvent(tx, row, { type: 'unsubscribe', editionId, detail: { method }, at });
  }
}
