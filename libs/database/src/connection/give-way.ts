import { setImmediate as turn } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';

/** How long statements may follow one another before everything else in the process has its turn, in milliseconds. */
const AT_A_STRETCH_MS = 8;

/**
 * Lets the process do other things between the statements of the embedded database. It answers within the turn of the event
 * loop in which it is asked, so that work of many statements, of a feed or an edition, would hold up every request until all of
 * it is done.
 */
export function giveWay(pglite: PGlite): void {
  let since = performance.now();
  const polite =
    <A extends unknown[], R>(ask: (...given: A) => Promise<R>) =>
    async (...given: A): Promise<R> => {
      if (performance.now() - since > AT_A_STRETCH_MS) {
        await turn();
        since = performance.now();
      }
      return ask(...given);
    };
  // Every statement goes through one of these.
  pglite.execProtocol = polite(pglite.execProtocol.bind(pglite));
  pglite.execProtocolStream = polite(pglite.execProtocolStream.bind(pglite));
}
