import { Injectable } from '@nestjs/common';
import { inArray, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { outboxMail } from '#database/schema/index.js';

/** One edition to one reader. */
export interface DeliveryKey {
  editionId: string;
  subscriberId: string;
}

/** The end of an edition's id, and who may have got it. */
export interface EditionEnd {
  subscriberId: string;
  /** The last twelve hexadecimal digits. */
  tail: string;
}

/** What the ledger knows of messages that came back. */
@Injectable()
export class ReturnedDeliveries {
  /** @returns by reader, those of their editions whose ids end so */
  async editionsEndingSo(db: Executor, ends: readonly EditionEnd[]): Promise<Map<string, string[]>> {
    const editions = new Map<string, string[]>();
    if (ends.length === 0) return editions;
    const list = JSON.stringify(
      ends.map(({ subscriberId, tail }) => ({ subscriber_id: subscriberId, tail })),
    );
    const rows = await db.execute(sql`
      SELECT d.edition_id AS "editionId", d.subscriber_id AS "subscriberId"
      FROM jsonb_to_recordset(${list}::jsonb) AS k(subscriber_id uuid, tail text)
      JOIN delivery d ON d.subscriber_id = k.subscriber_id AND right(d.edition_id::text, length(k.tail)) = k.tail`);
    for (const { editionId, subscriberId } of rowsOf<DeliveryKey>(rows))
      editions.set(subscriberId, [...(editions.get(subscriberId) ?? []), editionId]);
    return editions;
  }

  /** The edition that a server took last, since then. @returns by reader; those are left out whom none was sent */
  async latestAccepted(
    db: Executor,
    subscriberIds: readonly string[],
    since: Date,
  ): Promise<Map<string, string>> {
    if (subscriberIds.length === 0) return new Map();
    const rows = await db.execute(sql`
      SELECT DISTINCT ON (d.subscriber_id) d.subscriber_id AS "subscriberId", d.edition_id AS "editionId"
      FROM jsonb_array_elements_text(${JSON.stringify(subscriberIds)}::jsonb) AS k(id)
      JOIN delivery d ON d.subscriber_id = k.id::uuid AND d.accepted_at >= ${since.toISOString()}::timestamptz
      ORDER BY d.subscriber_id, d.accepted_at DESC`);
    return new Map(rowsOf<DeliveryKey>(rows).map(({ subscriberId, editionId }) => [subscriberId, editionId]));
  }

  /** Whom single mails were for. @returns by mail; those are left out that there are none of, or that were for no subscriber */
  async readersOfMails(db: Executor, mailIds: readonly string[]): Promise<Map<string, string>> {
    if (mailIds.length === 0) return new Map();
    const rows = await db
      .select({ id: outboxMail.id, subscriberId: outboxMail.subscriberId })
      .from(outboxMail)
      .where(inArray(outboxMail.id, [...mailIds]));
    return new Map(rows.flatMap(({ id, subscriberId }) => (subscriberId ? [[id, subscriberId]] : [])));
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
