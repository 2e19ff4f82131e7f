import type { PGlite } from '@electric-sql/pglite';

/**
 * Watches for a PANIC of the embedded database: the disk had no room for its log (WAL). What was committed is safe on
 * disk, but whoever asks this instance anything more would wait for ever, and every other part of the process with it.
 * So nothing is asked any more.
 * @param onPanic hears of it once
 */
export function guardAgainstPanic(pglite: PGlite, onPanic: (error: Error) => void): void {
  let panic: Error | undefined;
  const watched =
    <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (panic) throw panic;
      try {
        return await ask(...given);
      } catch (error) {
        if ((error as { severity?: unknown }).severity === 'PANIC') {
          panic = error as Error;
          onPanic(panic);
        }
        throw error;
      }
    };
  // Every statement goes through one of these.
  pglite.execProtocol = watched(pglite.execProtocol.bind(pglite));
  pglite.execProtocolStream = watched(pglite.execProtocolStream.bind(pglite));
}
