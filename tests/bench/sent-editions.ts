import type { Installation } from './installation.js';

/** Different mails of the large edition. */
const VARIANTS = 10_000;
/** Editions before it, for something to compare, each to so many readers. */
const EARLIER = 30;
const EARLIER_READERS = 1_000;
const PROVIDERS = ['google', 'microsoft', 'yahoo', 'icloud', 'other'];

/** What there is to ask about. */
export interface SentEditions {
  editionId: string;
  digestId: string;
  articleId: string;
  topicId: string;
}

/** One edition to all n readers yesterday, and one to a thousand on each of the thirty days before, as they are once they were sent. */
export async function addSentEditions(
  { db }: Installation,
  digestId: string,
  articles: readonly string[],
  topicId: string,
  n: number,
): Promise<SentEditions> {
  await db.query(
    `UPDATE subscriber SET email_normalised = replace(email_normalised, '@bench', '@d' || get_byte(address_hmac, 0) % $1 || '.bench')`,
    [PROVIDERS.length],
  );
  await db.query(
    `INSERT INTO mail_domain (domain, provider, looked_up_at)
     SELECT 'd' || (at - 1) || '.bench.example', provider, now() FROM unnest($1::text[]) WITH ORDINALITY AS p(provider, at)`,
    [PROVIDERS],
  );
  await db.query(
    `INSERT INTO edition (id, publication_id, digest_id, slug, status, recipients, batches, waves, started_at, finished_at, created_at)
     SELECT md5('edition' || i)::uuid, p.id, $1, 'sent-' || i, 'sent', CASE i WHEN 0 THEN $2::int ELSE ${EARLIER_READERS} END, 1, 1,
       at, at + interval '3 hours', at
     FROM publication p, generate_series(0, ${EARLIER}) i, LATERAL (SELECT now() - (i + 1) * interval '23 hours' AS at) a`,
    [digestId, n],
  );
  await db.query(
    `INSERT INTO edition_wave (edition_id, wave, at, cutoff, article_ids, recipients, variants, frozen_at)
     SELECT id, 0, started_at, started_at, $1::uuid[], recipients, ${VARIANTS}, started_at FROM edition WHERE slug LIKE 'sent-%'`,
    [articles],
  );
  await db.query(
    `INSERT INTO variant (id, edition_id, wave, content_id, locale, mask)
     SELECT md5(e.slug || 'variant' || i)::uuid, e.id, 0, gen_random_uuid(), 'en',
       (('x' || substr(md5(i::text), 1, 10))::bit(40))::bit varying
     FROM edition e, generate_series(0, ${VARIANTS} - 1) i WHERE e.slug LIKE 'sent-%' AND i < e.recipients`,
  );
  await db.query(
    `INSERT INTO delivery (edition_id, subscriber_id, variant_id, wave, batch, status, due_at, attempts, updated_at, accepted_at, bounced_at)
     SELECT e.id, s.id, md5(e.slug || 'variant' || s.i % ${VARIANTS})::uuid, 0, 0,
       CASE WHEN s.i % 50 = 0 THEN 'failed' ELSE 'accepted' END, e.started_at, 1 + (s.i % 20 = 0)::int, e.started_at + s.i % 3 * interval '1 hour',
       CASE WHEN s.i % 50 <> 0 THEN e.started_at + s.i % 3 * interval '1 hour' END,
       CASE WHEN s.i % 100 = 1 THEN e.started_at + interval '5 hours' END
     FROM edition e JOIN (SELECT id, row_number() OVER (ORDER BY id)::int - 1 AS i FROM subscriber) s ON s.i < e.recipients
     WHERE e.slug LIKE 'sent-%'`,
  );
  await db.query(
    `INSERT INTO edition_link (edition_id, number, url, article_id)
     SELECT e.id, a.at, 'https://bench.example/' || a.at, a.id FROM edition e, unnest($1::uuid[]) WITH ORDINALITY AS a(id, at)
     WHERE e.slug LIKE 'sent-%'`,
    [articles],
  );
  await db.query(
    `INSERT INTO link_clicks (edition_id, number, hour, people, scanners)
     SELECT l.edition_id, l.number, date_trunc('hour', e.started_at) + h * interval '1 hour', l.number * 10 + h, h
     FROM edition_link l JOIN edition e ON e.id = l.edition_id, generate_series(0, 20) h`,
  );
  await db.query(
    `INSERT INTO edition_clicks (edition_id, hour, people, scanners)
     SELECT edition_id, hour, sum(people), sum(scanners) FROM link_clicks GROUP BY 1, 2`,
  );
  await db.query(`INSERT INTO uncounted_edition SELECT id FROM edition WHERE slug LIKE 'sent-%'`);
  await db.query('VACUUM ANALYZE');
  const { rows } = await db.query<{ id: string }>(`SELECT md5('edition0')::uuid AS id`);
  return {
    editionId: rows[0]?.id as string,
    digestId,
    articleId: articles[0] as string,
    topicId,
  };
}
