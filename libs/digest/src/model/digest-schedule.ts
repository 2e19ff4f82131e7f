import type { DigestRow } from './digest.repository.js';
import {
  closesAt,
  opensAt,
  openThrough,
  slotsBetween,
  type Schedule,
  type SlotTime,
} from '../schedule/slot-times.js';
import { DAY_MS, MINUTE_MS } from '../schedule/units.js';
import { dateOf, localDate, toFloating } from '../schedule/zone-time.js';

/** What of a digest says when it goes out. */
export type Scheduled = Pick<DigestRow, 'cron' | 'timeZone' | 'readerLocal'>;

// The tick runs every minute; what it finds within two of them was not missed, even if nothing may be late.
const ON_TIME_MS = 2 * MINUTE_MS;
// Slots are the same weekday's 29 February at the rarest: every 40 years.
const FARTHEST_MS = 41 * 366 * DAY_MS;

/** The schedule of a digest; null: it goes out only when an operator says so. */
export function scheduleOf(digest: Scheduled, publicationZone: string): Schedule | null {
  if (digest.cron === null) return null;
  return {
    cron: digest.cron,
    timeZone: digest.timeZone ?? publicationZone,
    readerLocal: digest.readerLocal,
  };
}

/** Where a schedule that is set now begins, in the notation of its slots: nothing before now was missed. */
export function startOf(schedule: Schedule, now: Date): Date {
  // By the operator's own clock: a local digest set at eleven goes out for the first time tomorrow at seven.
  return schedule.readerLocal ? toFloating(now, schedule.timeZone) : now;
}

/**
 * Slots to make now, ascending, at most `limit`.
 * @param after the cursor
 * @param leadMinutes how long before its time a slot is made
 */
export function slotsToMake(
  schedule: Schedule,
  after: Date,
  leadMinutes: number,
  now: Date,
  limit: number,
): SlotTime[] {
  const by = new Date(now.getTime() + leadMinutes * MINUTE_MS);
  return slotsBetween(schedule, after, openThrough(schedule, by), limit);
}

/** The first slot after the cursor; undefined past the end of what is looked at, 41 years. */
export function nextSlot(schedule: Schedule, after: Date): SlotTime | undefined {
  return slotsBetween(schedule, after, new Date(after.getTime() + FARTHEST_MS), 1)[0];
}

/** After this instant the slot is late: a fixed one after its time, a local one when its last readers' day is over. */
export function dueBy(slot: Pick<SlotTime, 'at' | 'local'>): Date {
  return slot.local ? closesAt(slot) : slot.at;
}

/** Whether so much time has passed since it was due that an operator is to decide. */
export function tooLate(due: Date, lateLimitMinutes: number, now: Date): boolean {
  return now.getTime() - due.getTime() > Math.max(lateLimitMinutes * MINUTE_MS, ON_TIME_MS);
}

/**
 * By when an operator has to say yes: the slot's first wave. When nobody could be asked before that, they get their
 * minutes all the same.
 */
export function decideBy(slot: Pick<SlotTime, 'at' | 'local'>, approvalMinutes: number, now: Date): Date {
  const first = opensAt(slot);
  return first > now ? first : new Date(now.getTime() + approvalMinutes * MINUTE_MS);
}

/** The date that an edition of the slot has in its name. */
export function dateOfSlot(slot: Pick<SlotTime, 'at' | 'local'>, timeZone: string): string {
  return slot.local ? dateOf(slot.at) : localDate(slot.at, timeZone);
}
