import { createHash } from 'node:crypto';
import type { EditionInput } from '#rendering/edition/edition-scope.js';
import { buildId } from '#rendering/template/build-id.js';
import { calendarDay } from '../schedule/calendar-day.js';

/**
 * Tells whether two editions would be compiled to the same, by one version of Broadsheet. A mail shows the day, not the time, so
 * that much of the date counts.
 */
export function fingerprintOf(input: EditionInput): string {
  const date = calendarDay(input.publication.timeZone, input.date);
  const facts = JSON.stringify([buildId(), { ...input, date }]);
  return createHash('sha256').update(facts).digest('base64url');
}
