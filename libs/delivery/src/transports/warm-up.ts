import type { WarmUp } from '#database/schema/index.js';

const DAY_MS = 86_400_000;
/** What multiplying costs in exactness: 1000 × 1.15 is 1149.9999999999998, and 1150 is meant. */
const ROUNDING = 1e-9;

/**
 * How many messages a warm-up plan allows on a day: `start × (1 + growth / 100)^days`, rounded down, at most the ceiling.
 * @param day any instant of the day; days are UTC's
 * @returns 0 before the first day
 */
export function allowanceOn(
  { startPerDay, growthPercent, ceilingPerDay, startedOn }: WarmUp,
  day: Date,
): number {
  const days = Math.floor(day.getTime() / DAY_MS) - Math.floor(Date.parse(`${startedOn}T00:00:00Z`) / DAY_MS);
  if (days < 0) return 0;
  const grown = startPerDay * (1 + growthPercent / 100) ** days;
  return Math.min(Math.floor(grown * (1 + ROUNDING)), ceilingPerDay);
}
