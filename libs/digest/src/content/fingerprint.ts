import { createHash } from 'node:crypto';
import type { EditionInput } from '#rendering/edition/edition-scope.js';
import { buildId } from '#rendering/template/build-id.js';
import type { LinkRules } from './link-rules.js';
import { calendarDay } from '../schedule/calendar-day.js';

/**
 * Tells whether two editions would be compiled to the same, by one version of Broadsheet. A mail shows the day, not the time, so
 * that much of the date counts.
 * @param links of what is frozen: what becomes of the links. What is only looked at has them as they are
 */
export function fingerprintOf(input: EditionInput, links?: LinkRules): string {
  const date = calendarDay(input.publication.timeZone, input.date);
  const facts = JSON.stringify([buildId(), { ...input, date }, ...(links ? [links] : [])]);
  return createHash('sha256').update(facts).digest('base64url');
}
