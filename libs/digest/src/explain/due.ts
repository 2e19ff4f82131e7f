import type { EditionKind } from '#database/schema/index.js';
import { weekdaysServed } from '../schedule/waves.js';
import type { SlotTime } from '../schedule/slot-times.js';
import { dateOf, localDate, startOfLocalDay, toFloating } from '../schedule/zone-time.js';
import { WEEK_MS } from '../selection/reader-groups.js';
import type { ReaderFacts } from './reader-facts.js';

/** Why a reader gets no mail of an edition, or that they do. */
export const READER_CODES = [
  'due',
  'not_active',
  'suppressed',
  'not_subscribed',
  'signed_up_later',
  'paused',
  'daily',
  'weekly',
  'breaking_only',
  'no_alerts',
  'hour',
  'missed',
  'did_not_receive',
  'nothing_new',
  'too_few',
  'stopped',
  'changed_since',
] as const;
export type ReaderCode = (typeof READER_CODES)[number];

export interface ReaderReason {
  code: ReaderCode;
  /** For the operator. */
  reason: string;
  /** The reader's first day on which it may be otherwise; null: no matter or not known. */
  next: string | null;
}

/** A time at which a reader is looked at. */
export interface Occasion {
  kind: EditionKind;
  /** When the reader was or is to get it. */
  at: Date;
  zone: string;
  /** Null: by hand, or an alert. */
  slot: SlotTime | null;
  /** When the wave was frozen; null: it is to come. */
  frozenAt: Date | null;
  /** When the last regular edition of the digest that reached them was meant to go; null: none lately. */
  lastAt: Date | null;
}

const DAY_MS = 24 * 3_600_000;
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const nameOf = (weekday: number) => WEEKDAYS[weekday - 1] ?? '';
const because = (code: ReaderCode, reason: string, next: string | null = null): ReaderReason => ({
  code,
  reason,
  next,
});

/**
 * Whether a reader's choices let them have an edition on an occasion, and if not, why.
 * @returns null when nothing stands in the way
 */
export function whyNotDue(reader: ReaderFacts, occasion: Occasion): ReaderReason | null {
  return (
    standing(reader, occasion.frozenAt) ?? (occasion.kind === 'correction' ? null : wish(reader, occasion))
  );
}

function standing(reader: ReaderFacts, frozenAt: Date | null): ReaderReason | null {
  const { status, subscription, suppressedAt, unsubscribedAt, confirmedAt, createdAt } = reader;
  const isLater = (at: Date | null | undefined) => frozenAt !== null && at != null && at > frozenAt;
  if (isLater(createdAt) || isLater(confirmedAt) || isLater(subscription?.createdAt)) {
    return because('signed_up_later', 'The reader signed up after the audience was frozen.');
  }
  if (status !== 'active' && !isLater(unsubscribedAt)) {
    return because('not_active', `The reader is ${status}; only active readers get mail.`);
  }
  if (suppressedAt && !isLater(suppressedAt)) {
    return because('suppressed', "The reader's address is suppressed: it is never mailed.");
  }
  if (!subscription && !isLater(unsubscribedAt)) {
    return because('not_subscribed', 'The reader has not subscribed to this digest.');
  }
  return null;
}

function wish({ subscription }: ReaderFacts, occasion: Occasion): ReaderReason | null {
  if (!subscription) return null;
  const { kind, at, zone, lastAt } = occasion;
  const { cadence, weekday, alerts, pausedUntil, hour } = subscription;
  if (pausedUntil !== null && pausedUntil > localDate(at, zone)) {
    return because('paused', `The reader has paused mail until ${pausedUntil}.`, pausedUntil);
  }
  if (kind === 'alert') {
    if (alerts || cadence === 'breaking') return null;
    return because('no_alerts', 'The reader has not asked for alerts.');
  }
  const isFirstToday = !lastAt || lastAt < startOfLocalDay(at, zone);
  const tomorrow = dayAfter(at, zone, 1);
  switch (cadence) {
    case 'every':
      return null;
    case 'breaking':
      return because('breaking_only', 'The reader wants breaking news only.');
    case 'daily':
      if (isFirstToday) return null;
      return because('daily', 'The reader wants one edition a day and has had one that day.', tomorrow);
    case 'weekly':
      return whyNotThisWeek(occasion, weekday, hour, isFirstToday);
  }
}

function whyNotThisWeek(
  { at, zone, slot, lastAt }: Occasion,
  weekday: number | null,
  hour: number | null,
  isFirstToday: boolean,
): ReaderReason | null {
  if (weekday === null || !slot) {
    if (!lastAt || lastAt < new Date(at.getTime() - WEEK_MS)) return null;
    const next = localDate(new Date(lastAt.getTime() + WEEK_MS), zone);
    return because(
      'weekly',
      `The reader wants one edition a week and had one on ${localDate(lastAt, zone)}.`,
      next,
    );
  }
  const served = weekdaysServed(slot, zone, hour);
  if (!served.includes(weekday)) {
    const days = ((weekday - isoWeekday(at, zone) + 6) % 7) + 1;
    const forDays = served.length > 0 ? `is for ${served.map(nameOf).join(', ')}` : 'is for no further day';
    return because(
      'weekly',
      `The reader wants it weekly, on ${nameOf(weekday)}; this edition ${forDays}.`,
      dayAfter(at, zone, days),
    );
  }
  if (isFirstToday) return null;
  return because(
    'weekly',
    'The reader wants one edition a week and has had one that day.',
    dayAfter(at, zone, 7),
  );
}

function dayAfter(at: Date, zone: string, days: number): string {
  return dateOf(new Date(toFloating(at, zone).getTime() + days * DAY_MS));
}

function isoWeekday(at: Date, zone: string): number {
  return toFloating(at, zone).getUTCDay() || 7;
}
