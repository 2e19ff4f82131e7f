import { isZone, localDate, startOfLocalDay } from '../schedule/zone-time.js';
import { waveInstant, weekdaysServed } from '../schedule/waves.js';
import type { SlotTime } from '../schedule/slot-times.js';

/** Readers whose clock and chosen hour are the same. */
export interface ReaderGroup {
  /** IANA name, as it stands with the readers. */
  zone: string;
  /** The local hour they chose, 0-23; null: the digest's. */
  hour: number | null;
}

/** A group whose time has come. */
export interface DueGroup extends ReaderGroup {
  /** When they were to get it. */
  at: Date;
  /** Their date then. */
  date: string;
  /** When that day began. */
  dayStart: Date;
  /** ISO weekdays whose weekly readers are served. */
  weekdays: readonly number[];
}

export interface WaveTimes {
  due: DueGroup[];
  /** When the next group is due; null: none is. */
  nextAt: Date | null;
}

/** How long weekly readers are left alone by editions that are on no schedule: a week, less the unevenness of hands. */
export const WEEK_MS = 6.5 * 24 * 3_600_000;
const EVERY_WEEKDAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * Which groups are due now, and when the next one is. After a standstill many are, of different times: a wave takes them in order for
 * as long as its time is on the date on which each of them was due, so that the next day's edition is the first of its day for all.
 * @param lastWaveAt of the wave before; who was due by then has had their chance
 * @param fallback the publication's zone, for a zone that is known no more
 */
export function groupsOfSlot(
  slot: SlotTime,
  groups: readonly ReaderGroup[],
  times: { now: Date; lastWaveAt: Date | null },
  fallback: string,
): WaveTimes {
  const due: DueGroup[] = [];
  let nextAt: Date | null = null;
  for (const group of groups) {
    const zone = isZone(group.zone) ? group.zone : fallback;
    const at = waveInstant(slot, { zone, hour: group.hour });
    if (at > times.now) {
      if (!nextAt || at < nextAt) nextAt = at;
    } else if (!times.lastWaveAt || at > times.lastWaveAt) {
      const day = { date: localDate(at, zone), dayStart: startOfLocalDay(at, zone) };
      due.push({ ...group, at, ...day, weekdays: weekdaysServed(slot, zone, group.hour) });
    }
  }
  const until = endOfWave(due, fallback);
  const left = due.filter(({ at }) => at > until).map(({ at }) => at.getTime());
  return {
    due: due.filter(({ at }) => at <= until),
    nextAt: left.length > 0 ? new Date(Math.min(...left)) : nextAt,
  };
}

/** The last time that is on the date of every group due by then. */
function endOfWave(due: readonly DueGroup[], fallback: string): Date {
  const times = [...new Set(due.map(({ at }) => at.getTime()))].sort((a, b) => a - b);
  const fits = (time: number) =>
    due.every(
      ({ at, zone, date }) =>
        at.getTime() > time || localDate(new Date(time), isZone(zone) ? zone : fallback) === date,
    );
  return new Date(times.findLast(fits) ?? 0);
}

/** All readers at once, as an operator's word or a breaking story has it. */
export function groupsAt(zones: readonly string[], at: Date, fallback: string): DueGroup[] {
  return zones.map((zone) => {
    const known = isZone(zone) ? zone : fallback;
    const day = { date: localDate(at, known), dayStart: startOfLocalDay(at, known) };
    return { zone, hour: null, at, ...day, weekdays: EVERY_WEEKDAY };
  });
}
