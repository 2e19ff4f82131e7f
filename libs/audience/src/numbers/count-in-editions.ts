import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { countInArticles } from './count-in-articles.js';
import { EDITION_COLUMNS, type EditionColumn } from './edition-numbers.js';
import { fullHour } from './full-hour.js';

/** Whose mailbox provider is not known, or not yet. */
const OTHER_PROVIDER = 'other';

/**
 * A statement that adds to the numbers of editions, to be part of the transaction that it counts, best of its very statement: then it
 * is exact whatever is killed. It only adds rows, a handful by provider: two workers never wait for each other here.
 *
 * The table is delivery's. This lies here since audience, which is below it, counts who unsubscribes.
 * @param rows a relation with `edition_id` and `subscriber_id`, called `c`
 * @param counted for a number the condition under which a row of `c` counts, whose reader is `s`
 * @param now what happened in its hour
 */
export function countInEditions(rows: SQL, counted: Partial<Record<EditionColumn, SQL>>, now: Date): SQL {
  const numbers = EDITION_COLUMNS.flatMap((name) => {
    const condition = counted[name];
    return condition ? [{ column: sql.raw(name), condition }] : [];
  });
  const columns = sql.join(
    numbers.map(({ column }) => column),
    sql`, `,
  );
  const sums = sql.join(
    numbers.map(({ column }) => sql`sum(d.${column})`),
    sql`, `,
  );
  const counts = sql.join(
    numbers.map(({ column, condition }) => sql`count(*) FILTER (WHERE ${condition}) AS ${column}`),
    sql`, `,
  );
  const any = sql.join(
    numbers.map(({ condition }) => condition),
    sql` OR `,
  );
  // By domain first: of a chunk, and of a million, that leaves few to look up, and a chunk must not read all domains for them.
  return sql`
    INSERT INTO edition_number_delta (id, edition_id, provider, hour, ${columns})
    SELECT gen_random_uuid(), d.edition_id, d.provider, ${fullHour(now)}::timestamptz, ${sums}
    FROM (
      SELECT g.*, ${providerOf(sql`g.domain`)} AS provider
      FROM (
        SELECT c.edition_id, split_part(s.email_normalised, '@', 2) AS domain, ${counts}
        FROM ${rows} c LEFT JOIN subscriber s ON s.id = c.subscriber_id WHERE ${any} GROUP BY 1, 2) g) d
    GROUP BY d.edition_id, d.provider`;
}

/** An expression: who runs the mailboxes of a domain. */
function providerOf(domain: SQL): SQL {
  return sql`coalesce((SELECT m.provider FROM mail_domain m WHERE m.domain = ${domain}), ${OTHER_PROVIDER}::text)`;
}

/** Of an edition that readers have got: whose mail came back, who called it junk, who left by it. */
export interface Returned {
  editionId: string;
  /** Each counts once. Erased readers count too, as of no known provider. */
  subscriberIds: readonly string[];
  what: 'bounced' | 'complained' | 'unsubscribed';
  now: Date;
}

/**
 * Counts what came back, of the edition and of the articles that these readers had in it. The caller sees to it that each reader's is counted once: it belongs into the transaction that writes it
 * down.
 */
export async function countReturned(
  tx: Executor,
  { editionId, subscriberIds, what, now }: Returned,
): Promise<void> {
  if (subscriberIds.length === 0) return;
  const rows = sql`(
    SELECT ${editionId}::uuid AS edition_id, value::uuid AS subscriber_id
    FROM jsonb_array_elements_text(${JSON.stringify(subscriberIds)}::jsonb))`;
  const counted = { [what]: sql`true` };
  const mails = sql`(
    SELECT d.variant_id FROM ${rows} r JOIN delivery d ON d.edition_id = r.edition_id AND d.subscriber_id = r.subscriber_id)`;
  await tx.execute(sql`
    WITH in_articles AS (${countInArticles(mails, counted, sql`${fullHour(now)}::timestamptz`)})
    ${countInEditions(rows, counted, now)}`);
}

/**
 * Takes a reader out of the measured ones of the editions that they got, where they were counted, before `measured_since` changes. Whose mail is being
 * accepted in the same moment may stay counted: no worker waits for it.
 */
export async function uncountMeasured(tx: Executor, subscriberId: string): Promise<void> {
  await tx.execute(sql`
    INSERT INTO edition_number_delta (id, edition_id, provider, hour, measured)
    SELECT gen_random_uuid(), d.edition_id, ${providerOf(sql`split_part(s.email_normalised, '@', 2)`)},
      date_trunc('hour', d.accepted_at, 'UTC'), -1
    FROM subscriber s JOIN delivery d ON d.subscriber_id = s.id AND d.status = 'accepted' AND d.accepted_at >= s.measured_since
    WHERE s.id = ${subscriberId}::uuid`);
}

/**
 * A statement that takes what was counted away, to be added up elsewhere in the same statement. What another takes at the same time
 * is left to it.
 */
export function takenEditionNumbers(limit: number): SQL {
  return sql`
    DELETE FROM edition_number_delta WHERE id = ANY (ARRAY(
      SELECT id FROM edition_number_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *`;
}
