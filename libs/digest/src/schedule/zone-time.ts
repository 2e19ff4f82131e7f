import { zoneOffsets } from './zone-offsets.js';
import { DAY_MS, HOUR_MS } from './units.js';

// No zone was ever further from UTC than 16 h (Manila and Juneau before their days were changed).
const FARTHEST_MS = 16 * HOUR_MS;

/** Whether there are clocks of this name: an IANA zone (`Europe/Berlin`, `UTC`), not an offset such as `+01:00`. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * The first instant at which the zone's clocks show `floating` or later. So a time in a gap is the first valid instant after it,
 * also when a whole day was left out, and of a time that comes twice it is the first. Later times never give earlier instants.
 * @param floating a wall clock's reading in the UTC fields of a Date
 * @throws RangeError for an unknown zone
 */
export function toInstant(floating: Date, zone: string): Date {
  const wall = floating.getTime();
  const offsets = zoneOffsets(zone);
  for (let day = Math.floor((wall - FARTHEST_MS) / DAY_MS); ; day++) {
    const spans = offsets.ofDay(day);
    for (const [i, { from, offset }] of spans.entries()) {
      const at = Math.max(from, wall - offset);
      if (at < (spans[i + 1]?.from ?? (day + 1) * DAY_MS)) return new Date(at);
    }
  }
}

/**
 * What the zone's clocks show at an instant, in the UTC fields of a Date.
 * @throws RangeError for an unknown zone
 */
export function toFloating(instant: Date, zone: string): Date {
  const at = instant.getTime();
  const span = zoneOffsets(zone)
    .ofDay(Math.floor(at / DAY_MS))
    .findLast(({ from }) => from <= at);
  return new Date(at + (span?.offset ?? 0));
}

/** The zone's date at an instant: `2026-11-23`. */
export function localDate(instant: Date, zone: string): string {
  return dateOf(toFloating(instant, zone));
}

/** The first instant of the zone's day that `instant` lies in; where midnight is left out, the first after it. */
export function startOfLocalDay(instant: Date, zone: string): Date {
  return toInstant(startOfDay(toFloating(instant, zone)), zone);
}

/** The date of a floating time: `2026-11-23`. */
export function dateOf(floating: Date): string {
  return floating.toISOString().replace(/T.*/, '');
}

/** Midnight at the start of a floating time's day. */
export function startOfDay(floating: Date): Date {
  return new Date(Math.floor(floating.getTime() / DAY_MS) * DAY_MS);
}
