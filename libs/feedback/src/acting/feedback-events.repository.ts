import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { FeedbackEventQuery } from './feedback.schemas.js';

/** Something that came back, about a reader or about nobody we know. */
export interface FeedbackEvent {
  id: string;
  kind: string;
  class: string | null;
  status: string | null;
  reason: string | null;
  subscriberId: string | null;
  editionId: string | null;
  /** `dialogue`: the server said it while it was sent to; `page`: the reader did it on the site; else how it came back. */
  way: string;
  at: Date;
}

/** What came back, newest first: events of readers, and what is of no reader. */
@Injectable()
export class FeedbackEventsRepository {
  constructor(private readonly database: Database) {}

  /** One row more than asked for. */
  async page(publicationId: string, query: FeedbackEventQuery): Promise<FeedbackEvent[]> {
    const { kind, class: its, subscriberId, editionId, known, cursor, limit } = query;
    const only = (column: SQL, value: string | undefined, type: SQL = sql`text`) =>
      value === undefined ? sql`` : sql`AND ${column} = ${value}::${type}`;
    const ofWhom = (column: SQL) =>
      known === undefined ? sql`` : sql`AND (${column} IS NOT NULL) = ${known}::boolean`;
    const before = (column: SQL) => (cursor === undefined ? sql`` : sql`AND ${column} < ${cursor}::uuid`);
    const ofReaders = sql`
      SELECT f.id, f.type AS kind, f.class, f.smtp_status AS status, f.detail ->> 'reply' AS reason, f.subscriber_id AS "subscriberId",
        f.edition_id AS "editionId", coalesce(r.way, CASE f.type WHEN 'bounce' THEN 'dialogue' ELSE 'page' END) AS way, f.at
      FROM feedback_event f LEFT JOIN returned_item r ON r.id = f.returned_item_id
      WHERE f.publication_id = ${publicationId} AND f.type IN ('bounce', 'complaint', 'unsubscribe')
        ${only(sql`f.type`, kind)} ${only(sql`coalesce(f.class, CASE f.type WHEN 'bounce' THEN 'hard' END)`, its)}
        ${only(sql`f.subscriber_id`, subscriberId, sql`uuid`)} ${only(sql`f.edition_id`, editionId, sql`uuid`)}
        ${ofWhom(sql`f.subscriber_id`)} ${before(sql`f.id`)}
      ORDER BY f.id DESC LIMIT ${limit + 1}`;
    const isOfReaders = subscriberId !== undefined || editionId !== undefined;
    const ofNobody = sql`
      SELECT r.id, r.kind, r.results -> 0 ->> 'class', r.results -> 0 ->> 'status', r.results -> 0 ->> 'reason',
        (r.results -> 0 ->> 'subscriberId')::uuid, (r.results -> 0 ->> 'editionId')::uuid, r.way, r.received_at
      FROM returned_item r
      WHERE r.publication_id = ${publicationId} AND NOT EXISTS (SELECT 1 FROM feedback_event f WHERE f.returned_item_id = r.id)
        ${isOfReaders ? sql`AND false` : sql``} ${only(sql`r.kind`, kind)} ${only(sql`r.results -> 0 ->> 'class'`, its)}
        ${ofWhom(sql`r.results -> 0 ->> 'subscriberId'`)} ${before(sql`r.id`)}
      ORDER BY r.id DESC LIMIT ${limit + 1}`;
    const rows = await this.database.db.execute(sql`
      SELECT * FROM ((${ofReaders}) UNION ALL (${ofNobody})) AS found ORDER BY id DESC LIMIT ${limit + 1}`);
    return rowsOf<FeedbackEvent & { at: Date | string }>(rows).map((row) => ({
      ...row,
      at: new Date(row.at),
    }));
  }
}
