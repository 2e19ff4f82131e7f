import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { delivery, feedbackEvent, outboxMail, subscriber } from '#database/schema/index.js';
import { rowsOf } from '#database/rows.js';
import type { Subscriber } from './reader.repository.js';

export type { Subscriber } from './reader.repository.js';

/** Subscribers as operators see them. */
@Injectable()
export class SubscriberRepository {
  constructor(private readonly database: Database) {}

  /** Those of these that are there, in any order. */
  async among(publicationId: string, ids: readonly string[]): Promise<Subscriber[]> {
    if (ids.length === 0) return [];
    return this.database.db
      .select()
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), inArray(subscriber.id, [...ids])));
  }

  /** Oldest first, from after an id: for the export. */
  async after(publicationId: string, id: string | undefined, limit: number): Promise<Subscriber[]> {
    return this.database.db
      .select()
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), id ? gt(subscriber.id, id) : undefined))
      .orderBy(asc(subscriber.id))
      .limit(limit);
  }

  async find(
    publicationId: string,
    id: string,
    db: Executor = this.database.db,
  ): Promise<Subscriber | undefined> {
    const [row] = await db
      .select()
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), eq(subscriber.id, id)));
    return row;
  }

  /** Reads a subscriber and keeps others from changing it, to the end of the transaction. */
  async lock(tx: Executor, publicationId: string, id: string): Promise<Subscriber | undefined> {
    const [row] = await tx
      .select()
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), eq(subscriber.id, id)))
      .for('update');
    return row;
  }

  /** @returns the id of the subscriber that has the address already, if one has */
  async insertUnlessThere(tx: Executor, row: Subscriber): Promise<string | undefined> {
    const made = await tx
      .insert(subscriber)
      .values(row)
      .onConflictDoNothing({ target: [subscriber.publicationId, subscriber.emailNormalised] })
      .returning({ id: subscriber.id });
    if (made.length > 0) return undefined;
    const [existing] = await tx
      .select({ id: subscriber.id })
      .from(subscriber)
      .where(
        and(
          eq(subscriber.publicationId, row.publicationId),
          eq(subscriber.emailNormalised, row.emailNormalised),
        ),
      );
    return existing?.id;
  }

  async update(tx: Executor, id: string, change: Partial<Subscriber>): Promise<void> {
    await tx.update(subscriber).set(change).where(eq(subscriber.id, id));
  }

  /** The same change of several. */
  async updateThese(tx: Executor, ids: readonly string[], change: Partial<Subscriber>): Promise<void> {
    if (ids.length > 0)
      await tx
        .update(subscriber)
        .set(change)
        .where(inArray(subscriber.id, [...ids]));
  }

  /** Removes the row; its subscriptions go with it. */
  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(subscriber).where(eq(subscriber.id, id));
  }

  /** Takes what could name a person out of the events about a subscriber; that they happened stays. */
  async blankEvents(tx: Executor, id: string): Promise<void> {
    await tx
      .update(feedbackEvent)
      .set({ detail: sql`'{}'::jsonb` })
      .where(eq(feedbackEvent.subscriberId, id));
  }

  /** Forgets some events that lie before an instant. @returns how many */
  async forgetEvents(before: Date, limit: number): Promise<number> {
    const old = await this.database.db.execute(sql`
      DELETE FROM feedback_event WHERE id = ANY (ARRAY(
        SELECT id FROM feedback_event WHERE at < ${before.toISOString()}::timestamptz LIMIT ${limit}::int)) RETURNING 1 AS one`);
    return rowsOf(old).length;
  }

  /** What was sent to a subscriber and what came back, oldest first. */
  async history(id: string) {
    const { db } = this.database;
    const deliveries = await db
      .select({
        editionId: delivery.editionId,
        status: delivery.status,
        attempts: delivery.attempts,
        smtpCode: delivery.smtpCode,
        smtpReply: delivery.smtpReply,
        dueAt: delivery.dueAt,
        acceptedAt: delivery.acceptedAt,
        updatedAt: delivery.updatedAt,
      })
      .from(delivery)
      .where(eq(delivery.subscriberId, id))
      .orderBy(asc(delivery.editionId));
    const mails = await db
      .select({
        id: outboxMail.id,
        kind: outboxMail.kind,
        status: outboxMail.status,
        payload: outboxMail.payload,
        smtpCode: outboxMail.smtpCode,
        smtpReply: outboxMail.smtpReply,
        createdAt: outboxMail.createdAt,
        updatedAt: outboxMail.updatedAt,
      })
      .from(outboxMail)
      .where(eq(outboxMail.subscriberId, id))
      .orderBy(asc(outboxMail.id));
    const events = await db
      .select({
        id: feedbackEvent.id,
        type: feedbackEvent.type,
        editionId: feedbackEvent.editionId,
        detail: feedbackEvent.detail,
        at: feedbackEvent.at,
      })
      .from(feedbackEvent)
      .where(eq(feedbackEvent.subscriberId, id))
      .orderBy(asc(feedbackEvent.id));
    return { deliveries, mails, events };
  }
}
