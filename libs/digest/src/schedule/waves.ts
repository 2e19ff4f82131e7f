import type { SlotTime } from './slot-times.js';
import { DAY_MS, HOUR_MS } from './units.js';
import { startOfDay, toFloating, toInstant } from './zone-time.js';

/** Readers who get an edition at the same time. */
export interface WaveReaders {
  /** IANA name. */
  zone: string;
  /** The hour they chose, 0-23; null: whenever the digest goes out. */
  hour: number | null;
}

const EVERY_WEEKDAY: readonly number[] = [1, 2, 3, 4, 5, 6, 7];

/**
 * When these readers are due. Of a local slot: on its date at HH:00, or at its own time, in their zone. Of a fixed slot: at its instant,
 * or at the next HH:00 of their zone at or after it. HH:00 in a gap is the first instant after it; when it comes twice it is the first.
 * @throws RangeError for an unknown zone
 */
export function waveInstant(slot: Pick<SlotTime, 'at' | 'local'>, { zone, hour }: WaveReaders): Date {
  if (slot.local) return toInstant(hour === null ? slot.at : atHour(startOfDay(slot.at), hour), zone);
  if (hour === null) return slot.at;
  let day = startOfDay(toFloating(slot.at, zone));
  let due = toInstant(atHour(day, hour), zone);
  while (due.getTime() < slot.at.getTime()) {
    day = new Date(day.getTime() + DAY_MS);
    due = toInstant(atHour(day, hour), zone);
  }
  return due;
}

/**
 * ISO weekdays (1 is Monday) whose weekly readers this slot serves: those of the local dates after the previous slot's wave up to this one's.
 * Every weekday when a week or more lies between, or when there was no previous slot; none when that was on the same date.
 * For the readers of one zone and hour each date is served by exactly one slot.
 * @throws RangeError for an unknown zone
 */
export function weekdaysServed(slot: SlotTime, zone: string, hour: number | null = null): readonly number[] {
  if (!slot.previousAt) return EVERY_WEEKDAY;
  const last = localDay(slot.at, slot.local, { zone, hour });
  const first = localDay(slot.previousAt, slot.local, { zone, hour }) + 1;
  if (last - first >= 6) return EVERY_WEEKDAY;
  const served: number[] = [];
  for (let day = first; day <= last; day++) served.push(isoWeekday(day));
  return served.sort();
}

/** The day since 1970-01-01 that the readers' calendar shows when they are due; of a local slot its own, also where that day is left out. */
function localDay(at: Date, local: boolean, readers: WaveReaders): number {
  const floating = local ? at : toFloating(waveInstant({ at, local }, readers), readers.zone);
  return Math.floor(floating.getTime() / DAY_MS);
}

function isoWeekday(day: number): number {
  return new Date(day * DAY_MS).getUTCDay() || 7;
}

function atHour(midnight: Date, hour: number): Date {
  return new Date(midnight.getTime() + hour * HOUR_MS);
}
