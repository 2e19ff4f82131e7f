import { sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { newId } from '#kernel/ids.js';
import { countReaders } from '../numbers/count-readers.js';

/** A mail server said of a reader's address that it does not exist. */
export interface HardBounce {
  subscriberId: string;
  code: number | null;
  /** The server's words, addresses taken out. */
  reply: string;
}

/**
 * Notes that addresses were refused as unknown. Those that were so often enough since they last took a message are
 * suppressed and their readers marked and counted. Four statements at most, however many they are: belongs into the transaction that
 * writes what became of the messages.
 * @param editionId of the messages that bounced
 * @param limit hard bounces in a row that suppress an address
 */
export async function recordHardBounces(
  tx: Executor,
  editionId: string,
  bounces: readonly HardBounce[],
  limit: number,
  now: Date,
): Promise<void> {
  if (bounces.length === 0) return;
  const at = now.toISOString();
  const payload = JSON.stringify(
    bounces.map(({ subscriberId, code, reply }) => ({
      subscriber_id: subscriberId,
      event_id: newId(),
      suppression_id: newId(),
      detail: { code, reply },
    })),
  );
  const given = sql`jsonb_to_recordset(${payload}::jsonb)
    AS b(subscriber_id uuid, event_id uuid, suppression_id uuid, detail jsonb)`;
  await tx.execute(sql`
    INSERT INTO feedback_event (id, publication_id, type, subscriber_id, edition_id, detail, at)
    SELECT b.event_id, e.publication_id, 'bounce', b.subscriber_id, e.id, b.detail, ${at}::timestamptz
    FROM edition e, ${given} WHERE e.id = ${editionId}`);
  const isDead = sql`(
    SELECT count(*) FROM feedback_event f WHERE f.subscriber_id = b.subscriber_id AND f.type = 'bounce'
      AND f.at > coalesce((SELECT max(d.accepted_at) FROM delivery d WHERE d.subscriber_id = b.subscriber_id), '-infinity')
  ) >= ${limit}::int`;
  await tx.execute(sql`
    INSERT INTO suppression (id, publication_id, address_hmac, reason, created_at)
    SELECT b.suppression_id, s.publication_id, s.address_hmac, 'hard_bounce', ${at}::timestamptz
    FROM subscriber s JOIN ${given} ON s.id = b.subscriber_id WHERE ${isDead}
    ON CONFLICT DO NOTHING`);
  const marked = await tx.execute(sql`
    UPDATE subscriber s SET status = 'bounced', updated_at = ${at}::timestamptz
    FROM ${given} WHERE s.id = b.subscriber_id AND s.status = 'active' AND ${isDead} RETURNING s.id`);
  const gone = rowsOf<{ id: string }>(marked).map(({ id }) => ({ id, counts: ['bounced'] as const }));
  await countReaders(tx, gone, now);
}
