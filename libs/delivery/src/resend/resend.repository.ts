import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { countInArticles } from '#audience/numbers/count-in-articles.js';
import { countInEditions } from '#audience/numbers/count-in-editions.js';
import { fullHour } from '#audience/numbers/full-hour.js';
import { wantsDigest } from '#audience/subscribers/mailable.js';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';

/** Which of an edition's deliveries are to be sent again. */
export interface Wanted {
  /** Those too that may have been accepted: their readers may get the mail twice. */
  inDoubt: boolean;
  /** Only these readers'; none: all. */
  subscriberIds?: readonly string[] | undefined;
  /** Only what was answered with this SMTP code; none: with any. */
  code?: number | undefined;
}

const FAILED = sql`d.status IN ('failed', 'expired')`;
/** Since it failed its reader has got, is getting, or may have got, another mail out of the same stories: they had been free again. */
const HAS_THEM_SINCE = sql`EXISTS (
  SELECT 1 FROM delivery o JOIN edition_wave theirs ON theirs.edition_id = o.edition_id
  JOIN edition_wave ours ON ours.edition_id = d.edition_id AND ours.article_ids && theirs.article_ids
  WHERE o.subscriber_id = d.subscriber_id AND o.edition_id <> d.edition_id AND o.updated_at > d.updated_at
    AND o.status IN ('accepted', 'uncertain', 'queued', 'claimed'))`;

/** What was given up of an edition, and is sent again. */
@Injectable()
export class ResendRepository {
  /**
   * Puts deliveries that failed for good back to those that wait, and takes them out of what was counted as failed. Readers who left or
   * are suppressed stay as they are, and those who have had any of its stories since. Call it with selection and edition locked.
   * @returns how many
   */
  async putBack(
    tx: Executor,
    editionId: string,
    { inDoubt, subscriberIds, code }: Wanted,
    now: Date,
  ): Promise<number> {
    const at = now.toISOString();
    const state = inDoubt ? sql`(${FAILED} OR d.status = 'uncertain')` : sql`(${FAILED} AND NOT d.in_doubt)`;
    const only = subscriberIds
      ? sql`AND d.subscriber_id IN (SELECT value::uuid FROM jsonb_array_elements_text(${JSON.stringify(subscriberIds)}::jsonb))`
      : sql``;
    const answered = code === undefined ? sql`` : sql`AND d.smtp_code = ${code}::int`;
    const counted = { failed: sql`c.status IN ('failed', 'expired')` };
    const result = await tx.execute(sql`
      WITH again AS MATERIALIZED (
        SELECT d.edition_id, d.subscriber_id, d.variant_id, d.status FROM delivery d
        JOIN edition e ON e.id = d.edition_id JOIN subscriber s ON s.id = d.subscriber_id
        WHERE d.edition_id = ${editionId}::uuid AND ${state} ${only} ${answered} AND ${wantsDigest(sql`e.digest_id`)}
          AND NOT ${HAS_THEM_SINCE}
        FOR UPDATE OF d),
      moved AS (
        UPDATE delivery d SET status = 'queued', due_at = ${at}::timestamptz, attempts = 0, lease_token = NULL, lease_until = NULL,
          in_doubt = d.in_doubt OR d.status = 'uncertain', updated_at = ${at}::timestamptz
        FROM again a WHERE d.edition_id = a.edition_id AND d.subscriber_id = a.subscriber_id
        RETURNING d.subscriber_id),
      in_articles AS (${countInArticles(sql`again`, counted, sql`${fullHour(now)}::timestamptz`, -1)}),
      in_editions AS (${countInEditions(sql`again`, counted, now, -1)})
      SELECT count(*)::int AS n FROM moved`);
    return rowsOf<{ n: number }>(result)[0]?.n ?? 0;
  }
}
