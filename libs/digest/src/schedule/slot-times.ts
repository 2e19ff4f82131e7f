import { eachOccurrence, occurrenceBefore, parseCron, type Cron } from './cron.js';
import { DAY_MS, HOUR_MS } from './units.js';
import { startOfDay, toFloating, toInstant } from './zone-time.js';

/** When a digest goes out, as its row has it. */
export interface Schedule {
  cron: string;
  /** IANA name; a schedule of the readers' local time has no use for it. */
  timeZone: string;
  /** At each reader's local time, not at one instant. */
  readerLocal: boolean;
}

/** One time of a schedule. Fixed: instants. Reader-local: wall-clock time written as if it were UTC. */
export interface SlotTime {
  at: Date;
  /** The slot before it in the same notation; null when there was none. */
  previousAt: Date | null;
  local: boolean;
}

const EAST_MS = 14 * HOUR_MS; // Pacific/Kiritimati, Etc/GMT-14: the first place to see a date
const WEST_MS = 12 * HOUR_MS; // Etc/GMT+12: the last

/**
 * The slots of a schedule in (after, until], ascending, at most `limit`; all in slot notation. Taking (a, b] and then (b, c] gives
 * what (a, c] gives. Occurrences that a gap maps to one instant are one slot.
 * @throws DomainError `invalid_input` for a cron that cannot be read; RangeError for an unknown zone
 */
export function slotsBetween(schedule: Schedule, after: Date, until: Date, limit: number): SlotTime[] {
  const cron = parseCron(schedule.cron);
  const local = schedule.readerLocal;
  const slots: SlotTime[] = [];
  let previousAt: Date | null | undefined;
  for (const at of local
    ? eachOccurrence(cron, after, until)
    : eachInstant(cron, schedule.timeZone, after, until)) {
    if (slots.length >= limit) break;
    previousAt ??= local ? occurrenceBefore(cron, at) : instantBefore(cron, schedule.timeZone, at);
    slots.push({ at, previousAt, local });
    previousAt = at;
  }
  return slots;
}

/**
 * The latest slot time that matters at an instant, in slot notation: `opensAt(slot) <= now` exactly for the slots that are not later.
 * So `slotsBetween(schedule, scheduledThrough, openThrough(schedule, now), limit)` are the slots to make at `now`.
 */
export function openThrough(schedule: Pick<Schedule, 'readerLocal'>, now: Date): Date {
  if (!schedule.readerLocal) return now;
  return new Date(startOfDay(new Date(now.getTime() + EAST_MS)).getTime() + DAY_MS - 1);
}

/** The first instant at which a wave of the slot may be due somewhere: of a local one 00:00 of its date in the far east. */
export function opensAt(slot: Pick<SlotTime, 'at' | 'local'>): Date {
  return slot.local ? new Date(startOfDay(slot.at).getTime() - EAST_MS) : slot.at;
}

/**
 * No wave of the slot is due after this instant. Of a local one: 23:59 of its date in the far west. Of a fixed one: two days later, since
 * the next HH:00 of a reader is within a day and the largest step back that a zone's clocks can make, which is a day (the date line).
 */
export function closesAt(slot: Pick<SlotTime, 'at' | 'local'>): Date {
  if (!slot.local) return new Date(slot.at.getTime() + 2 * DAY_MS);
  return new Date(startOfDay(slot.at).getTime() + DAY_MS - 1 + WEST_MS);
}

/** Instants in (after, until] at which the cron fires in the zone, each once. */
function* eachInstant(cron: Cron, zone: string, after: Date, until: Date): Generator<Date, void> {
  let last = after.getTime();
  // What fires after an instant reads later on the wall than that instant; what fires by `until` not more than a day later than it.
  const latest = new Date(toFloating(until, zone).getTime() + DAY_MS);
  for (const occurrence of eachOccurrence(cron, toFloating(after, zone), latest)) {
    const at = toInstant(occurrence, zone);
    if (at.getTime() > until.getTime()) return;
    if (at.getTime() > last) yield at;
    last = Math.max(last, at.getTime());
  }
}

/** The last instant before the slot `at` at which the cron fires in the zone. */
function instantBefore(cron: Cron, zone: string, at: Date): Date | null {
  // No clock showed as late a time before a slot as in it, so what fired before it reads earlier.
  let occurrence = occurrenceBefore(cron, toFloating(at, zone));
  while (occurrence) {
    const instant = toInstant(occurrence, zone);
    if (instant.getTime() < at.getTime()) return instant;
    occurrence = occurrenceBefore(cron, occurrence);
  }
  return null;
}
