/** Delays longer than this are left to the tick. */
const LONGEST_DELAY_MS = 600_000;

/** Milliseconds until a job is to look again at what is due then; undefined: the tick finds it. */
export function retryDelay(due: Date, now: Date): number | undefined {
  const delay = Math.max(due.getTime() - now.getTime(), 250);
  return delay <= LONGEST_DELAY_MS ? delay : undefined;
}
