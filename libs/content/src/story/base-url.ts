import { readUrl } from '#kernel/input/read-url.js';

/** As of the URL of a story. All links below a base share it: a long one would come out as often as there are links. */
const MAX_BASE = 2_000;

/**
 * Reads what relative links are relative to.
 * @param outer what it is relative to itself
 * @returns null: it is no URL, or a longer one than any
 */
export function readBase(text: string | null | undefined, outer: string): string | null {
  const base = text ? readUrl(text, outer) : null;
  return base && base.href.length <= MAX_BASE ? base.href : null;
}
