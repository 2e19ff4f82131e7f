import { Injectable } from '@nestjs/common';
import { and, desc, eq, gte, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { delivery, outboxMail } from '#database/schema/index.js';

/** One edition to one reader. */
export interface DeliveryKey {
  editionId: string;
  subscriberId: string;
}

/** What the ledger knows of messages that came back. */
@Injectable()
export class ReturnedDeliveries {
  /** The editions that a reader was sent, or is to be. */
  async editionsOf(db: Executor, subscriberId: string): Promise<string[]> {
    const rows = await db
      .select({ id: delivery.editionId })
      .from(delivery)
      .where(eq(delivery.subscriberId, subscriberId));
    return rows.map(({ id }) => id);
  }

  async has(db: Executor, { editionId, subscriberId }: DeliveryKey): Promise<boolean> {
    const rows = await db
      .select({ one: sql`1` })
      .from(delivery)
      .where(and(eq(delivery.editionId, editionId), eq(delivery.subscriberId, subscriberId)));
    return rows.length > 0;
  }

  /** The edition that a server took for a reader last, since then. @returns null: none */
  async latestAccepted(db: Executor, subscriberId: string, since: Date): Promise<string | null> {
    const [row] = await db
      .select({ id: delivery.editionId })
      .from(delivery)
      .where(and(eq(delivery.subscriberId, subscriberId), gte(delivery.acceptedAt, since)))
      .orderBy(desc(delivery.acceptedAt))
      .limit(1);
    return row?.id ?? null;
  }

  /** Whom a single mail was for. @returns null: it was for no subscriber, or there is no such mail */
  async readerOfMail(db: Executor, mailId: string): Promise<string | null> {
    const [row] = await db
      .select({ subscriberId: outboxMail.subscriberId })
      .from(outboxMail)
      .where(eq(outboxMail.id, mailId));
    return row?.subscriberId ?? null;
  }

  /** Notes that messages which were accepted came back. Their state stays: the server did accept them,
   * or its yes is not written yet, so quickly did it come back. @returns those it is news of */
  async markBounced(tx: Executor, keys: readonly DeliveryKey[], now: Date): Promise<DeliveryKey[]> {
    if (keys.length === 0) return [];
    const list = JSON.stringify(
      keys.map((key) => ({ edition_id: key.editionId, subscriber_id: key.subscriberId })),
    );
    const rows = await tx.execute(sql`
      UPDATE delivery d SET bounced_at = ${now.toISOString()}::timestamptz
      FROM jsonb_to_recordset(${list}::jsonb) AS k(edition_id uuid, subscriber_id uuid)
      WHERE d.edition_id = k.edition_id AND d.subscriber_id = k.subscriber_id AND d.bounced_at IS NULL
        AND (d.status IN ('accepted', 'uncertain', 'claimed') OR (d.status = 'queued' AND d.in_doubt))
      RETURNING d.edition_id AS "editionId", d.subscriber_id AS "subscriberId"`);
    return rowsOf<DeliveryKey>(rows);
  }
}
