import { sql, type SQL } from 'drizzle-orm';

/**
 * A statement that counts what was said of tries that were not accepted, to be part of the one that writes them. It only adds rows.
 * @param rows a relation with `edition_id`, `subscriber_id`, `status`, `tried`, `class`, `code`, `words`; those count that were tried
 */
export function countReplies(rows: SQL): SQL {
  return sql`
    INSERT INTO edition_outcome_delta (edition_id, status, class, code, words, provider, n)
    SELECT edition_id, status, class, code, words, provider, count(*) FROM (
      SELECT c.edition_id, CASE c.status WHEN 'queued' THEN 'deferred' ELSE c.status END AS status,
        coalesce(c.class, 'none') AS class, coalesce(c.code, 0) AS code, coalesce(c.words, '') AS words,
        coalesce((SELECT m.provider FROM subscriber s JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2)
          WHERE s.id = c.subscriber_id), 'other') AS provider
      FROM ${rows} c WHERE c.tried AND c.status IN ('queued', 'failed', 'expired', 'uncertain')) o
    GROUP BY 1, 2, 3, 4, 5, 6`;
}
