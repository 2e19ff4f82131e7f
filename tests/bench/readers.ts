import type { Installation } from './installation.js';

/** Suppressed addresses of nobody among the readers: there is a list to look in, as everywhere. */
const SUPPRESSED = 1_000;

/**
 * Puts active readers into digests by SQL: an import of a million rows with its consents is another benchmark. Their
 * address hashes are as long and as random as real ones.
 */
export async function addReaders(
  { db }: Installation,
  digestIds: readonly string[],
  n: number,
): Promise<void> {
  await db.query(
    `INSERT INTO subscriber (id, publication_id, email, email_normalised, address_hmac, name, locale, status, follows_defaults, confirmed_at)
     SELECT ${idOf('i')}, p.id, 'reader' || i || '@bench.example', 'reader' || i || '@bench.example',
            sha256(('reader' || i)::bytea), 'Reader ' || i, 'en', 'active', false, now()
     FROM publication p, generate_series(1, $1::int) AS i`,
    [n],
  );
  await db.query(
    `INSERT INTO subscription (subscriber_id, digest_id) SELECT s.id, d FROM subscriber s, unnest($1::uuid[]) AS d`,
    [digestIds],
  );
  await db.query(
    `INSERT INTO suppression (id, publication_id, address_hmac, reason, created_at)
     SELECT ${idOf('i')}, p.id, sha256(('gone' || i)::bytea), 'operator', now()
     FROM publication p, generate_series(1, ${SUPPRESSED}) AS i`,
  );
  // As autovacuum does within a minute of an import.
  await db.query('VACUUM ANALYZE subscriber, subscription, suppression');
}

/** A UUID version 7 of a made-up millisecond, so that ids sort as those of readers who came one after another. */
const idOf = (i: string) =>
  `(lpad(to_hex(1760000000000 + ${i}), 12, '0') || '7' || substr(md5(${i}::text), 1, 3) || '8' || substr(md5(${i}::text), 4, 15))::uuid`;
