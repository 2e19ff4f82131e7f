import { createHash } from 'node:crypto';
import type { EditionInput } from '#rendering/edition/edition-scope.js';
import { calendarDay } from '../schedule/calendar-day.js';

/** Tells whether two editions would be compiled to the same. A mail shows the day, not the time, so that much of the date counts. */
export function fingerprintOf(input: EditionInput): string {
  const facts = JSON.stringify({ ...input, date: calendarDay(input.publication.timeZone, input.date) });
  return createHash('sha256').update(facts).digest('base64url');
}
