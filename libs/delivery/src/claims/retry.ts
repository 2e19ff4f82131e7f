import { setTimeout as wait } from 'node:timers/promises';

/** A database that restarts is waited for, 16 s in all; meanwhile what happened is safe in the journal. */
const PAUSES_MS = [200, 500, 1_000, 2_000, 4_000, 8_000];

/** Does something that must be written down, again and again if need be. @throws the last error when it will not go */
export async function retry<T>(work: () => Promise<T>, pausesMs: readonly number[] = PAUSES_MS): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const pause = pausesMs[attempt];
      if (pause === undefined) throw error;
      await wait(pause);
    }
  }
}
