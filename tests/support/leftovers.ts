/// <reference types="jest" />

/** Things that must not outlive the tests of a file. */
const leftovers = new Set<() => Promise<unknown>>();

/**
 * Has something stopped when the tests of the file have ended, however they ended.
 * Outside Jest the caller stops it itself.
 * @returns call it once the thing is stopped
 */
export function stopAfterTests(stop: () => Promise<unknown>): () => void {
  leftovers.add(stop);
  return () => leftovers.delete(stop);
}

// At the top of the module, since hooks may not be defined inside tests; benchmarks load this without Jest.
if (typeof afterAll === 'function') {
  afterAll(async () => {
    const results = await Promise.allSettled([...leftovers].map((stop) => stop()));
    leftovers.clear();
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  });
}
