/** What a request shows of who makes it. */
export type HitKind =
  /** A link was opened. */
  | 'open'
  /** A link was asked for by HEAD, which no browser does by itself, or by a program that says it is none. */
  | 'machine'
  /** The picture in a measured reader's mail was fetched: that tells nothing about what comes beside it. */
  | 'picture'
  /** A page that a reader has to themselves (unsubscribe, preferences) was looked at, and nothing was done there. */
  | 'page';

/** One request by somebody, of whom nothing is known but that it is the same client as before. */
export interface Hit {
  /** Milliseconds. */
  at: number;
  client: string;
  kind: HitKind;
  /** Which link of the edition, or which page. */
  number: number;
}

const MAY_BE_PERSON: ReadonlySet<HitKind> = new Set(['open', 'picture']);

export type Verdict = 'person' | 'scanner';

/**
 * How long the hits of a network are looked at together, in milliseconds. Gateways open the links of a mail within three seconds; a
 * slow one takes ten.
 */
export const LONGEST_BURST_MS = 10_000;
/** Of two different links: nobody has read what stands around the first and found the second. */
const SHORTEST_MS = 1_000;
/** Each further link gives it a second more, as much as somebody needs who only opens tabs. */
const MS_A_LINK = 1_000;

/** Clicks a second of a network of which nothing is known yet: one in half an hour. */
const LEAST_PACE = 1 / 1_800;
/** Hits that come this close by chance in a thousand are still called people's. */
const CHANCE = 0.001;

/**
 * Tells people from scanners by density: how close together the requests of one network are in one edition. When the mail was sent
 * says nothing: of the gateways' bursts that are known half begin after the first 43 seconds, and as late as people do.
 *
 * A span of time is a burst when more different links were opened in it than a person can find, and than the people of that
 * network, at their usual pace, would open by chance. A page that acts for one reader counts as one more link, and the first
 * such page, or request of a machine, as one more again: hardly anybody opens one beside an article. All of a burst is the
 * scanner's, also what came before it was one. What is `machine` is never a person's. A `picture` in the midst of a burst is the
 * scanner's, and changes nothing else: mail programs fetch it a moment before somebody clicks.
 *
 * @param hits of one network in one edition, in the order of time
 * @param pace clicks by people a second, as they were in this network and edition lately: large where many share an address
 * @returns a verdict for each hit
 */
export function judgeHits(hits: readonly Hit[], pace = 0): Verdict[] {
  const verdicts = hits.map(({ kind }): Verdict => (MAY_BE_PERSON.has(kind) ? 'person' : 'scanner'));
  let judged = 0; // all before it are a burst's already
  for (let from = 0; from < hits.length; from++) {
    const until = lastOfBurst(hits, from, pace + LEAST_PACE);
    for (let at = Math.max(from, judged); at <= until; at++) verdicts[at] = 'scanner';
    judged = Math.max(judged, until + 1);
  }
  return verdicts;
}

/** The last hit of the longest burst that begins with a hit; the one before it when none does. */
function lastOfBurst(hits: readonly Hit[], from: number, pace: number): number {
  const start = (hits[from] as Hit).at;
  const seen = new Set<string>();
  let telltale = 0;
  let last = from - 1;
  for (let at = from; at < hits.length; at++) {
    const { at: time, kind, number } = hits[at] as Hit;
    const span = time - start;
    if (span > LONGEST_BURST_MS) break;
    if (kind !== 'picture') seen.add(`${kind === 'page' ? 'page' : 'link'} ${number}`);
    if (!MAY_BE_PERSON.has(kind)) telltale = 1;
    if (isBurst(seen.size + telltale, span, pace)) last = at;
  }
  return last;
}

/** @param weight different links and pages, and what else speaks of a machine */
function isBurst(weight: number, span: number, pace: number): boolean {
  if (weight < 2) return false;
  const longest = weight === 2 ? SHORTEST_MS : Math.min(weight * MS_A_LINK, LONGEST_BURST_MS);
  return span <= longest && chanceOf(weight - 1, (pace * span) / 1000) < CHANCE;
}

/** Bounds the chance that at least so many come in a time when `expected` come on average (Poisson): λ^k / k!. */
function chanceOf(atLeast: number, expected: number): number {
  let chance = 1;
  for (let k = 1; k <= atLeast; k++) chance *= expected / k;
  return chance;
}
