import { sql, type SQL } from 'drizzle-orm';
import type { PostOffice } from './delivery.harness.js';

/** By what is counted: `edition provider hour`, `edition article hour` … */
export type Counts = Record<string, Record<string, number>>;

const NAMES = ['frozen', 'accepted', 'deferred', 'failed', 'bounced', 'complained', 'unsubscribed'] as const;

/** What happened to each reader of an edition, by the ledger and the events: of these a reader’s first of a kind. Deferrals have no hour there. */
const FACTS = `
  SELECT d.edition_id, d.subscriber_id, f.what, f.n,
    CASE WHEN f.what = 'deferred' THEN '' ELSE to_char(f.at AT TIME ZONE 'UTC', 'MM-DD HH24') END AS hour
  FROM delivery d JOIN edition_wave w USING (edition_id, wave) CROSS JOIN LATERAL (VALUES
    ('frozen', w.frozen_at, 1),
    ('accepted', d.accepted_at, (d.status = 'accepted')::int),
    ('deferred', NULL, d.attempts - (d.status IN ('accepted', 'failed', 'uncertain'))::int),
    ('failed', d.updated_at, (d.status IN ('failed', 'expired'))::int),
    ('bounced', d.bounced_at, (d.bounced_at IS NOT NULL)::int)) AS f(what, at, n)
  UNION ALL
  SELECT edition_id, subscriber_id, CASE type WHEN 'complaint' THEN 'complained' ELSE 'unsubscribed' END, 1,
    to_char(min(at) AT TIME ZONE 'UTC', 'MM-DD HH24')
  FROM feedback_event WHERE edition_id IS NOT NULL AND type IN ('complaint', 'unsubscribe')
  GROUP BY edition_id, subscriber_id, type`;
const SUMS = NAMES.map((name) => `coalesce(sum(n) FILTER (WHERE what = '${name}'), 0)::int AS ${name}`).join(
  ', ',
);

/** What each mail has in it, read off the text of the mask. */
const CONTENTS = `
  SELECT d.edition_id, d.subscriber_id, a.id AS article_id
  FROM delivery d JOIN variant v ON v.id = d.variant_id JOIN edition_wave w ON w.edition_id = d.edition_id AND w.wave = d.wave,
    unnest(w.article_ids) WITH ORDINALITY AS a(id, at)
  WHERE substr(v.mask::text, a.at::int, 1) = '1'`;

const inOneTable = (rows: readonly ({ key: string } & Record<string, unknown>)[]): Counts =>
  Object.fromEntries(
    rows
      .map(({ key, ...numbers }) => [key, numbers as Record<string, number>] as const)
      .filter(([, numbers]) => Object.values(numbers).some((n) => n !== 0)),
  );

const read = async (office: PostOffice, query: string | SQL) =>
  inOneTable(await office.rows<{ key: string } & Record<string, unknown>>(query));

/** The ledger by `edition provider hour`, by what is known of domains now. */
export const recountedEditions = (office: PostOffice) =>
  read(
    office,
    `SELECT concat_ws(' ', f.edition_id, coalesce(m.provider, 'other'), f.hour) AS key, ${SUMS}
     FROM (${FACTS}) f LEFT JOIN subscriber s ON s.id = f.subscriber_id
     LEFT JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2) GROUP BY 1`,
  );

/** The ledger by `edition article hour`. */
export const recountedArticles = (office: PostOffice) =>
  read(
    office,
    `SELECT concat_ws(' ', f.edition_id, c.article_id, f.hour) AS key, ${SUMS}
     FROM (${FACTS}) f JOIN (${CONTENTS}) c USING (edition_id, subscriber_id) GROUP BY 1`,
  );

/** The tables of numbers by the same keys, deferrals under one of no hour. */
const counted = (what: string, rows: string) => `
  SELECT concat_ws(' ', edition_id, ${what}, hour) AS key, ${NAMES.map((name) => `coalesce(sum(${name}), 0)::int AS ${name}`).join(', ')}
  FROM (
    SELECT edition_id, ${what}, to_char(hour AT TIME ZONE 'UTC', 'MM-DD HH24') AS hour, ${NAMES.map((name) => (name === 'deferred' ? '0 AS deferred' : name)).join(', ')} FROM (${rows}) n
    UNION ALL
    SELECT edition_id, ${what}, '', ${NAMES.map((name) => (name === 'deferred' ? name : '0')).join(', ')} FROM (${rows}) n) n
  GROUP BY 1`;

/** @param folded only what the tick has added up */
export const countedEditions = (office: PostOffice, { folded = false } = {}) => {
  const columns = `edition_id, provider, hour, ${NAMES.join(', ')}`;
  const rest = folded ? '' : ` UNION ALL SELECT ${columns} FROM edition_number_delta`;
  return read(office, counted('provider', `SELECT ${columns} FROM edition_number${rest}`));
};

/** @param folded only what the tick has added up */
export const countedArticles = (office: PostOffice, { folded = false } = {}) => {
  const columns = `edition_id, article_id, hour, ${NAMES.join(', ')}`;
  const its = NAMES.map((name) => `(a.value->>'${name}')::int AS ${name}`).join(', ');
  const rest = folded
    ? ''
    : ` UNION ALL SELECT edition_id, (a.value->>'article_id')::uuid, hour, ${its}
        FROM article_number_delta, jsonb_array_elements(counts) AS a`;
  return read(office, counted('article_id', `SELECT ${columns} FROM article_number${rest}`));
};

/** Those counts together whose key has a word in it. */
export function sumWhere(counts: Counts, ...words: readonly string[]): Record<string, number> {
  const sum: Record<string, number> = Object.fromEntries(NAMES.map((name) => [name, 0]));
  for (const [key, numbers] of Object.entries(counts)) {
    if (!words.every((word) => key.split(' ').includes(word))) continue;
    for (const name of NAMES) sum[name]! += numbers[name] ?? 0;
  }
  return sum;
}

/** Forgets what was counted of an edition, as if it had gone out before numbers were kept; of articles only, as in between. */
export async function forgetNumbers(
  office: PostOffice,
  editionId: string,
  { ofEditions = true } = {},
): Promise<void> {
  const tables = ['article_number', 'article_number_delta'];
  if (ofEditions) tables.push('edition_number', 'edition_number_delta');
  for (const table of tables)
    await office.rows(sql`DELETE FROM ${sql.raw(table)} WHERE edition_id = ${editionId}`);
  await office.rows(sql`INSERT INTO uncounted_edition VALUES (${editionId}) ON CONFLICT DO NOTHING`);
}
