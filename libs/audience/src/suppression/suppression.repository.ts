import { Injectable } from '@nestjs/common';
import { and, desc, eq, getTableColumns, gt, inArray, lt, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { consent, feedbackEvent, subscriber, suppression } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import type { PageQuery } from '#kernel/input/page.js';

export type Suppression = typeof suppression.$inferSelect;

@Injectable()
export class SuppressionRepository {
  constructor(private readonly database: Database) {}

  /** With the subscriber whose address it is, where there still is one. Reads one row more. */
  async page(
    publicationId: string,
    page: PageQuery & { subscriberId?: string | undefined },
  ): Promise<(Suppression & { subscriberId: string | null })[]> {
    return this.database.db
      .select({ ...getTableColumns(suppression), subscriberId: subscriber.id })
      .from(suppression)
      .leftJoin(
        subscriber,
        and(
          eq(subscriber.addressHmac, suppression.addressHmac),
          eq(subscriber.publicationId, suppression.publicationId),
        ),
      )
      .where(
        and(
          eq(suppression.publicationId, publicationId),
          page.cursor ? lt(suppression.id, page.cursor) : undefined,
          page.subscriberId ? eq(subscriber.id, page.subscriberId) : undefined,
        ),
      )
      .orderBy(desc(suppression.id))
      .limit(page.limit + 1);
  }

  async find(
    publicationId: string,
    addressHmac: Buffer,
    db: Executor = this.database.db,
  ): Promise<Suppression | undefined> {
    const [row] = await this.among(publicationId, [addressHmac], db);
    return row;
  }

  /** Those of these addresses that are suppressed. */
  async among(
    publicationId: string,
    addressHmacs: Buffer[],
    db: Executor = this.database.db,
  ): Promise<Suppression[]> {
    if (addressHmacs.length === 0) return [];
    return db
      .select()
      .from(suppression)
      .where(
        and(eq(suppression.publicationId, publicationId), inArray(suppression.addressHmac, addressHmacs)),
      );
  }

  /** Adds what is not there yet; the first reason given stays. @returns the ids of what was added */
  async insert(tx: Executor, rows: Suppression[]): Promise<string[]> {
    if (rows.length === 0) return [];
    const added = await tx
      .insert(suppression)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: suppression.id });
    return added.map((row) => row.id);
  }

  /** Takes back what an operator added; what has another reason by now stays. @returns the ids of what was there */
  async takeBack(tx: Executor, publicationId: string, ids: readonly string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await tx
      .delete(suppression)
      .where(
        and(
          eq(suppression.publicationId, publicationId),
          inArray(suppression.id, [...ids]),
          eq(suppression.reason, 'operator'),
        ),
      )
      .returning({ id: suppression.id });
    return rows.map((row) => row.id);
  }

  async byId(publicationId: string, id: string): Promise<Suppression | undefined> {
    const [row] = await this.database.db
      .select()
      .from(suppression)
      .where(and(eq(suppression.publicationId, publicationId), eq(suppression.id, id)));
    return row;
  }

  /** Whether its address was given a consent for since it was suppressed. */
  async hasConsentedSince({ publicationId, addressHmac, createdAt }: Suppression): Promise<boolean> {
    const rows = await this.database.db
      .select({ id: consent.id })
      .from(consent)
      .where(
        and(
          eq(consent.publicationId, publicationId),
          eq(consent.addressHmac, addressHmac),
          inArray(consent.kind, ['given', 'confirmed']),
          gt(consent.submittedAt, createdAt),
        ),
      )
      .limit(1);
    return rows.length > 0;
  }

  /** A complaint's stands above any other reason: no operator lifts it without a new consent. */
  async suppressForComplaint(tx: Executor, row: Suppression): Promise<void> {
    await tx
      .insert(suppression)
      .values(row)
      .onConflictDoUpdate({
        target: [suppression.publicationId, suppression.addressHmac],
        set: { reason: row.reason, returnedItemId: row.returnedItemId, createdAt: row.createdAt },
      });
  }

  async delete(tx: Executor, publicationId: string, id: string): Promise<boolean> {
    const rows = await tx
      .delete(suppression)
      .where(and(eq(suppression.publicationId, publicationId), eq(suppression.id, id)))
      .returning({ id: suppression.id });
    return rows.length > 0;
  }

  /**
   * Notes for whoever has this address that its suppression was lifted, and makes them active again if they were when it bounced: if the
   * last that they said is a consent.
   */
  async restore(
    tx: Executor,
    { publicationId, addressHmac, reason: suppressedFor }: Suppression,
    { reason, now }: { reason: string; now: Date },
  ): Promise<void> {
    for (const subscriberId of await this.subscribersWith(tx, publicationId, addressHmac)) {
      const detail = { reason, suppressedFor };
      await tx
        .insert(feedbackEvent)
        .values({ id: newId(), publicationId, subscriberId, type: 'lifted', detail, at: now });
      await tx
        .update(subscriber)
        .set({ status: 'active', updatedAt: now })
        .where(
          and(
            eq(subscriber.id, subscriberId),
            eq(subscriber.status, 'bounced'),
            sql`(SELECT ${consent.kind} FROM ${consent} WHERE ${consent.subscriberId} = ${subscriberId}::uuid
                AND 'newsletter' = ANY(${consent.purposes})
              ORDER BY ${consent.id} DESC LIMIT 1) IN ('given', 'confirmed')`,
          ),
        );
    }
  }

  /** The subscribers with this address: one or none. */
  async subscribersWith(tx: Executor, publicationId: string, addressHmac: Buffer): Promise<string[]> {
    const rows = await tx
      .select({ id: subscriber.id })
      .from(subscriber)
      .where(and(eq(subscriber.publicationId, publicationId), eq(subscriber.addressHmac, addressHmac)));
    return rows.map((row) => row.id);
  }
}
