import type { Installation } from './installation.js';

/** One in so many has subscribed to the digest that is going out. */
const SUBSCRIBED_ONE_IN = 10;

/**
 * Readers as different as real ones: sixteen first names by twenty, ten mailbox providers of which one has four tenths, five statuses,
 * three languages, five sources, attributes of every tenth. All of them got an edition, which is in the ledger. By SQL: an import is another
 * benchmark.
 * @param digestId every tenth gets it
 * @returns the edition that all of them got
 */
export async function addManyReaders({ db }: Installation, digestId: string, n: number): Promise<string> {
  await db.query(
    `INSERT INTO subscriber (id, publication_id, email, email_normalised, address_hmac, name, locale, status, source, follows_defaults, attributes, confirmed_at)
     SELECT (lpad(to_hex(1760000000000 + i), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid, p.id, email, email, sha256(h::bytea),
       initcap(first) || ' ' || initcap(last), (ARRAY['en', 'en', 'en', 'de', 'fr'])[1 + i % 5],
       CASE WHEN i % 100 < 80 THEN 'active' WHEN i % 100 < 90 THEN 'unsubscribed' WHEN i % 100 < 96 THEN 'pending'
         WHEN i % 1000 < 999 THEN 'bounced' ELSE 'complained' END,
       (ARRAY['article', 'subscribe', 'embed', 'import', 'operator'])[1 + i * 13 % 5], false,
       CASE WHEN i % 10 = 0 THEN jsonb_build_object('plan', (ARRAY['gold', 'silver'])[1 + i / 10 % 2], 'city', 'c' || i % 5000) ELSE '{}'::jsonb END, now()
     FROM publication p, generate_series(1, $1::int) AS i,
     LATERAL (SELECT md5(i::text) AS h,
       (ARRAY['ada','grace','alan','edsger','barbara','donald','josé','zoë','émile','frances','ken','dennis','margaret','радиа','tim','vint'])[1 + i * 79 % 16] AS first,
       (ARRAY['lovelace','hopper','turing','dijkstra','liskov','knuth','garcía','brontë','zola','allen','thompson','ritchie','hamilton','perlman','berners','cerf','okafor','nguyen','smith','müller'])[1 + i / 16 % 20] AS last) x,
     LATERAL (SELECT CASE WHEN i % 50 = 0 THEN 'desk' || i || '@firm' || i % 20000 || '.example'
       ELSE substr(h, 1, 4) || '.' || reader_search_text(last) || i || '@' ||
         (ARRAY['gmail','gmail','gmail','gmail','outlook','outlook','yahoo','icloud','proton','web'])[1 + i * 31 % 10] || '.example' END AS email) y`,
    [n],
  );
  await db.query(
    `INSERT INTO subscription (subscriber_id, digest_id)
     SELECT id, $1::uuid FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM subscriber) s WHERE i % ${SUBSCRIBED_ONE_IN} = 0`,
    [digestId],
  );
  const { rows } = await db.query<{ id: string }>(
    `INSERT INTO edition (id, publication_id, digest_id, slug, status, started_at, finished_at, batches)
     SELECT gen_random_uuid(), publication_id, id, 'past', 'sent', now() - interval '1 day', now() - interval '1 day', 500 FROM digest WHERE id = $1
     RETURNING id`,
    [digestId],
  );
  const editionId = rows[0]?.id as string;
  await db.query(
    `INSERT INTO delivery (edition_id, subscriber_id, variant_id, batch, status, due_at, attempts, smtp_code, smtp_reply, accepted_at)
     SELECT $1::uuid, id, $1::uuid, i / 2000, CASE WHEN i % 100 < 97 THEN 'accepted' WHEN i % 100 < 99 THEN 'failed' ELSE 'expired' END, now(),
       1, CASE WHEN i % 100 < 97 THEN 250 ELSE 550 END, CASE WHEN i % 100 < 97 THEN '250 2.0.0 Ok' ELSE '550 5.1.1 no such user' END,
       CASE WHEN i % 100 < 97 THEN now() END
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS i FROM subscriber) s`,
    [editionId],
  );
  // As autovacuum does within a minute, and the tick.
  await db.query('VACUUM ANALYZE subscriber, subscription, delivery');
  return editionId;
}
