import { startOfLocalDay } from '#digest/schedule/zone-time.js';

/** A row of an answer: of a thing (`key`) or of a time (`at`), with what was counted. */
export type StatsRow<N> = ({ key: string | null } | { at: Date }) & N;

/** What was counted by name; clicks are two numbers in one. */
export type Counted = Record<string, number | Record<string, number>>;

/** Adds up, name by name. */
export function sumOf<N extends Counted>(zero: N, rows: readonly N[]): N {
  return rows.reduce((sum, row) => added(sum, row, zero), zero);
}

function added<N extends Counted>(one: N, other: N, names: N): N {
  return Object.fromEntries(
    Object.entries(names).map(([name, zero]) => {
      const [a, b] = [one[name], other[name]];
      if (typeof zero === 'object') return [name, added(a as Counted, b as Counted, zero)];
      return [name, (a as number) + (b as number)];
    }),
  ) as N;
}

/**
 * Hours as days of a zone. An hour belongs to the day that it begins in: where clocks are half an hour off (India, Newfoundland), the
 * first half hour of a day counts to the day before.
 * @param rows by the hour as RFC 3339
 */
export function byDay<N extends Counted>(
  zero: N,
  rows: ReadonlyMap<string, N>,
  timeZone: string,
): Map<string, N> {
  const days = new Map<string, N>();
  for (const [hour, row] of rows) {
    const day = startOfLocalDay(new Date(hour), timeZone).toISOString();
    days.set(day, added(days.get(day) ?? zero, row, zero));
  }
  return days;
}
