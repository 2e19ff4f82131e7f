/** So many of the latest messages are looked at: of a recipient domain, and of an edition. */
export const WINDOW = 100;
/** Fewer refusals for policy say nothing of a domain yet, however large their share. */
const AT_LEAST = 20;
/** A list in good order is refused for policy in one of a hundred at most. */
const SHARE = 0.3;
/** Of an edition's refusals so many must come from others than the domain that has most of them: half of what is asked of one. */
const ELSEWHERE = AT_LEAST / 2;

/** Who has refused us for policy has a person look at it, or a block list forget us: neither is done in minutes. */
const FIRST_REST_MS = 15 * 60_000;
/** Each rest costs one reader their mail, on trial: in the 72 hours of an edition there are some twenty of them. */
const LONGEST_REST_MS = 4 * 3_600_000;

/**
 * Whether a domain refuses so many for policy that it is to be left alone.
 * @param recent its latest messages, oldest first: `1` was refused for policy, `0` was not
 */
export function refusesTooMany(recent: string): boolean {
  return isTooMany(refusedIn(recent), recent.length);
}

export function refusedIn(recent: string): number {
  return recent.replaceAll('0', '').length;
}

/** @param rests in a row, the one that begins included (1 or more). @returns how long it lasts, in milliseconds */
export function policyRestMs(rests: number): number {
  return Math.min(FIRST_REST_MS * 2 ** Math.min(rests - 1, 20), LONGEST_REST_MS);
}

/**
 * Whether an edition is refused for policy across domains, so that it is no domain's own view any more.
 * @param recent its latest messages, oldest first: the domain that refused one for policy, or `''`
 * @returns who refused how many, most first; null when it is not
 */
export function acrossDomains(recent: readonly string[]): { domain: string; refused: number }[] | null {
  const counts = new Map<string, number>();
  for (const domain of recent) if (domain !== '') counts.set(domain, (counts.get(domain) ?? 0) + 1);
  const refusals = [...counts]
    .map(([domain, refused]) => ({ domain, refused }))
    .sort((a, b) => b.refused - a.refused || (a.domain < b.domain ? -1 : 1));
  const refused = refusals.reduce((sum, one) => sum + one.refused, 0);
  const elsewhere = refused - (refusals[0]?.refused ?? 0);
  return isTooMany(refused, recent.length) && elsewhere >= ELSEWHERE ? refusals : null;
}

function isTooMany(refused: number, of: number): boolean {
  return refused >= AT_LEAST && refused >= of * SHARE;
}
