import { eachOccurrence, type Cron } from './cron.js';

/** The occurrences in (after, until], ascending, at most `limit` of them; floating times. */
export function occurrencesAfter(cron: Cron, after: Date, until: Date, limit: number): Date[] {
  const found: Date[] = [];
  for (const at of eachOccurrence(cron, after, until)) {
    if (found.length >= limit) break;
    found.push(at);
  }
  return found;
}
