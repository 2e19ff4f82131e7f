import type { WarmUp } from '#database/schema/index.js';

const DAY_MS = 86_400_000;

/**
 * How many messages a transport that is being warmed up may send on a day.
 * @param day any instant of the day (UTC)
 * @returns 0 before the first day, and never more than the ceiling
 */
export function allowanceOn(warmUp: WarmUp, day: Date): number {
  const first = Date.parse(`${warmUp.startedOn}T00:00:00Z`);
  const days = Math.floor((day.getTime() - first) / DAY_MS);
  if (days < 0) return 0;
  const grown = warmUp.startPerDay * (1 + warmUp.growthPercent / 100) ** days;
  return Math.floor(Math.min(grown, warmUp.ceilingPerDay));
}
