import { sql, type SQL } from 'drizzle-orm';

/*
 * The one answer to "may this reader be mailed?", as SQL about a subscriber `s` in the statement it is put into. Nobody else
 * reads `subscriber.status` or `suppression` for it.
 */

/** The address of `s` is on no suppression of its publication. */
export const isNotSuppressed = sql`NOT EXISTS (
  SELECT 1 FROM suppression p WHERE p.publication_id = s.publication_id AND p.address_hmac = s.address_hmac)`;

/** `s` has confirmed, has not left, bounced or complained, does not rest, and is not suppressed: may get editions. */
export const isMailable = sql`(s.status = 'active' AND s.rested_until IS NULL AND ${isNotSuppressed})`;

/**
 * `s` is mailable and still wants a digest. Of a reader who is gone (an outer join) it is null or false, never true.
 * @param digestId an expression for its id, without `s` and `u`
 */
export function wantsDigest(digestId: SQL): SQL {
  return sql`(${isMailable} AND EXISTS (
    SELECT 1 FROM subscription u WHERE u.subscriber_id = s.id AND u.digest_id = ${digestId}))`;
}
