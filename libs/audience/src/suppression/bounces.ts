import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { newId } from '#kernel/ids.js';
import { countReaders } from '../numbers/count-readers.js';

/** A mail to a reader was refused, in the dialogue or by a mail that came back. */
export interface Bounce {
  subscriberId: string;
  editionId: string | null;
  /** As a reply is classed: the address is dead, it may work later, or it is about us. */
  class: 'hard' | 'soft' | 'blocked';
  code: number | null;
  /** Enhanced status code (RFC 3463). */
  status: string | null;
  /** The words, addresses taken out. */
  reply: string;
  /** What came back and told it; null: the server did, in the dialogue. */
  returnedItemId: string | null;
}

/** What follows from a bounce for its reader. */
export type BounceAction = 'suppressed' | 'rested' | 'counted';

/** When an address is mailed no more, and when it is left alone for a while. */
export interface BounceRules {
  /** Hard bounces in a row that suppress an address. */
  hardLimit: number;
  /** Soft bounces within so many days that rest a reader, for so many days. */
  soft: { limit: number; withinDays: number; restDays: number };
}

/** What senders by the million do: five times in two weeks is no full mailbox of a weekend any more. */
export const SOFT_BOUNCES = { limit: 5, withinDays: 14, restDays: 14 };

/**
 * How long a message must have been accepted, without coming back, before that shows that its address lives: servers that take all and
 * refuse later give up after four or five days (RFC 5321 §4.5.4.1).
 */
const LIFE_SHOWN_AFTER_DAYS = 5;

/**
 * Notes bounces and does what follows. Readers for whom so many mails were refused as dead since their address last showed life are
 * suppressed and marked; those whose mailbox could not take mail again and again rest; a refusal of us concerns no reader. Few statements,
 * however many they are: belongs into the transaction that writes what became of the messages.
 * @returns by subscriber. Of one who is gone: `counted`
 */
export async function recordBounces(
  tx: Executor,
  bounces: readonly Bounce[],
  rules: BounceRules,
  now: Date,
): Promise<Map<string, BounceAction>> {
  const actions = new Map<string, BounceAction>(bounces.map(({ subscriberId }) => [subscriberId, 'counted']));
  if (bounces.length === 0) return actions;
  const given = listOf(bounces);
  await tx.execute(sql`
    INSERT INTO feedback_event (id, publication_id, type, subscriber_id, edition_id, class, smtp_status, returned_item_id, detail, at)
    SELECT b.event_id, coalesce(s.publication_id, e.publication_id), 'bounce', b.subscriber_id, b.edition_id, b.class, b.status,
      b.item_id, b.detail, ${now.toISOString()}::timestamptz
    FROM ${given} LEFT JOIN subscriber s ON s.id = b.subscriber_id LEFT JOIN edition e ON e.id = b.edition_id
    WHERE s.id IS NOT NULL OR e.id IS NOT NULL`);
  const of = (wanted: Bounce['class']) => bounces.filter((bounce) => bounce.class === wanted);
  for (const id of await suppressDead(tx, of('hard'), rules.hardLimit, now)) actions.set(id, 'suppressed');
  for (const id of await restFull(tx, of('soft'), rules.soft, now)) actions.set(id, 'rested');
  return actions;
}

/** @returns subscribers whose address is dead */
async function suppressDead(
  tx: Executor,
  bounces: readonly Bounce[],
  limit: number,
  now: Date,
): Promise<string[]> {
  if (bounces.length === 0) return [];
  const given = listOf(bounces);
  const at = sql`${now.toISOString()}::timestamptz`;
  const dead = rowsOf<{ id: string }>(
    await tx.execute(sql`
      SELECT DISTINCT b.subscriber_id AS id FROM ${given} JOIN subscriber s ON s.id = b.subscriber_id
      WHERE ${mailsRefused(sql`coalesce(f.class, 'hard') = 'hard'`, at)} >= ${limit}::int ORDER BY 1`),
  ).map(({ id }) => id);
  if (dead.length === 0) return dead;
  const evidence = new Map(bounces.map(({ subscriberId, returnedItemId }) => [subscriberId, returnedItemId]));
  const rows = JSON.stringify(
    dead.map((id) => ({ subscriber_id: id, suppression_id: newId(), item_id: evidence.get(id) ?? null })),
  );
  const list = sql`jsonb_to_recordset(${rows}::jsonb) AS b(subscriber_id uuid, suppression_id uuid, item_id uuid)`;
  await tx.execute(sql`
    INSERT INTO suppression (id, publication_id, address_hmac, reason, returned_item_id, created_at)
    SELECT b.suppression_id, s.publication_id, s.address_hmac, 'hard_bounce', b.item_id, ${at}
    FROM subscriber s JOIN ${list} ON s.id = b.subscriber_id ON CONFLICT DO NOTHING`);
  const marked = await tx.execute(sql`
    UPDATE subscriber s SET status = 'bounced', updated_at = ${at}
    FROM ${list} WHERE s.id = b.subscriber_id AND s.status = 'active' RETURNING s.id`);
  const gone = rowsOf<{ id: string }>(marked).map(({ id }) => ({ id, counts: ['bounced'] as const }));
  await countReaders(tx, gone, now);
  return dead;
}

/** @returns subscribers who rest from now on, or for longer */
async function restFull(
  tx: Executor,
  bounces: readonly Bounce[],
  { limit, withinDays, restDays }: BounceRules['soft'],
  now: Date,
): Promise<string[]> {
  if (bounces.length === 0) return [];
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await tx.execute(sql`
    UPDATE subscriber s SET rested_until = ${at} + make_interval(days => ${restDays}::int), updated_at = ${at}
    FROM (SELECT DISTINCT b.subscriber_id FROM ${listOf(bounces)} ORDER BY 1) b
    WHERE s.id = b.subscriber_id AND s.status = 'active'
      AND ${mailsRefused(sql`f.class = 'soft' AND f.at > ${at} - make_interval(days => ${withinDays}::int)`, at)} >= ${limit}::int
    RETURNING s.id`);
  return rowsOf<{ id: string }>(rows).map(({ id }) => id);
}

/**
 * How many mails to reader `s` came back so, since their address last showed life or an operator lifted its suppression. A mail that is
 * refused in the dialogue and told of again by a bounce is one; what names no edition is one each.
 */
function mailsRefused(wanted: SQL, at: SQL): SQL {
  return sql`(
    SELECT count(DISTINCT coalesce(f.edition_id, f.id)) FROM feedback_event f
    WHERE f.subscriber_id = s.id AND f.type = 'bounce' AND ${wanted} AND f.at > greatest(
      (SELECT max(d.accepted_at) FROM delivery d WHERE d.subscriber_id = s.id AND d.bounced_at IS NULL
        AND d.accepted_at <= ${at} - make_interval(days => ${LIFE_SHOWN_AFTER_DAYS}::int)),
      (SELECT max(l.at) FROM feedback_event l WHERE l.subscriber_id = s.id AND l.type = 'lifted'),
      '-infinity'::timestamptz))`;
}

/** Ends the rests that are over. They begin anew: what came back before is not counted again once it is old. */
export async function endRests(tx: Executor, now: Date): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`;
  const rows = await tx.execute(sql`
    UPDATE subscriber SET rested_until = NULL, updated_at = ${at} WHERE rested_until <= ${at} RETURNING id`);
  return rowsOf(rows).length;
}

function listOf(bounces: readonly Bounce[]): SQL {
  const payload = JSON.stringify(
    bounces.map(({ subscriberId, editionId, class: its, code, status, reply, returnedItemId }) => ({
      subscriber_id: subscriberId,
      edition_id: editionId,
      class: its,
      status,
      item_id: returnedItemId,
      event_id: newId(),
      detail: { code, reply },
    })),
  );
  return sql`jsonb_to_recordset(${payload}::jsonb) AS b(subscriber_id uuid, edition_id uuid, class text, status text,
    item_id uuid, event_id uuid, detail jsonb)`;
}
