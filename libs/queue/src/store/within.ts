import { setTimeout as wait } from 'node:timers/promises';

/** @returns whether the work was done in this time. @throws what it throws in this time */
export async function within(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const late = new AbortController();
  const timeUp = wait(timeoutMs, false, { signal: late.signal }).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), timeUp]);
  } finally {
    late.abort();
  }
}
