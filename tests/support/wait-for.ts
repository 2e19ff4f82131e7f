import { setTimeout as pause } from 'node:timers/promises';

const POLL_MS = 25; // short enough not to slow a test, long enough not to load the machine it watches

/** Thrown by a question whose answer can no longer come true: {@link eventually} passes it on at once. */
export class NeverError extends Error {}

/**
 * Waits until something outside this process has come true: asks again while the question throws or answers
 * undefined, null or false. Inside a process wait for the event instead.
 * @returns the first answer that is none of these
 * @throws Error with the last failure as its cause when the time is up
 */
export async function eventually<T>(
  ask: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = POLL_MS, what = 'what was waited for' } = {},
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) {
        return answer as Exclude<T, undefined | null | false>;
      }
      last = `the last answer was ${String(answer)}`;
    } catch (error) {
      if (error instanceof NeverError) throw error;
      last = error;
    }
    if (Date.now() > deadline) {
      const reason = last instanceof Error ? last.message : String(last);
      throw new Error(`Within ${timeoutMs} ms ${what} did not come true: ${reason}`, { cause: last });
    }
    await pause(everyMs);
  }
}
