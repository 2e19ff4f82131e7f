import { useEffect, useSyncExternalStore } from 'react';
import { live } from './live';

/** Listens as long as the frame is there. */
export function useLive(): void {
  useEffect(live.start, []);
}

/** Since when nothing is heard from the server, so that what is shown may be old; null: it is heard. */
export function useLostSince(): Date | null {
  return useSyncExternalStore(live.watch, live.lostSince);
}
