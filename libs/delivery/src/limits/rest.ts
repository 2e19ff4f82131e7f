/** The first rest a recipient domain is given: greylisting of one mailbox costs its neighbours no more. */
const FIRST_REST_MS = 5_000;
/** Deferrals are retried by the row's own, longer, backoff; this one only finds out when the domain takes mail again. */
const LONGEST_REST_MS = 15 * 60_000;

/**
 * How long a recipient domain is left alone.
 * @param deferrals in a row, this one included (1 or more)
 */
export function restAfter(deferrals: number): number {
  return Math.min(FIRST_REST_MS * 2 ** Math.min(deferrals - 1, 20), LONGEST_REST_MS);
}
