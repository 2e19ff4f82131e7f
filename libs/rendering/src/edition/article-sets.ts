/** Sets of each kind that are looked at; of more articles the ones looked at are spread evenly. */
const OF_A_KIND = 24;
const RANDOM_SETS = 12;

/**
 * Sets of an edition's articles that show whether a template depends on what it may not depend on: none, each number of
 * them, each alone, all but each, the first and the second half, and some drawn at random. The same for the same number of
 * articles, so that a template gets the same answer each time.
 * @param count of articles
 * @param sizes that are looked at besides
 * @returns places in rising order; no set twice, the small ones first, without the set of all
 */
export function articleSets(count: number, sizes: readonly number[] = []): number[][] {
  const all = Array.from({ length: count }, (_, at) => at);
  const half = Math.ceil(count / 2);
  const sets = [
    ...[...spread(count), ...sizes].map((size) => all.slice(0, size)),
    all.slice(half),
    ...spread(count).map((at) => [at]),
    ...spread(count).map((at) => all.filter((its) => its !== at)),
    ...randomSets(all),
  ];
  const known = new Map(sets.map((set) => [set.join(), set]));
  known.delete(all.join());
  return [...known.values()].sort((a, b) => a.length - b.length);
}

/** Numbers from 0 up to below a count: all, or so many of them. */
function spread(count: number): number[] {
  const many = Math.min(count, OF_A_KIND);
  return Array.from({ length: many }, (_, at) => Math.floor((at * count) / many));
}

function randomSets(all: readonly number[]): number[][] {
  const next = mulberry32(all.length);
  return Array.from({ length: RANDOM_SETS }, () => {
    const share = next();
    return all.filter(() => next() < share);
  });
}

/** A generator of numbers from 0 to 1, good enough to draw samples, and the same everywhere for a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
