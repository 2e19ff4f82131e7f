import { fullHour } from '#audience/numbers/full-hour.js';
import { invalidField } from '#kernel/errors/errors.js';
import type { Hours } from './stats.repository.js';

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 30;
/** Two years and a day: a year beside the one before. By hour they are 17,544 rows at most. */
const MAX_DAYS = 731;

/** The hours that were asked for. @throws DomainError `invalid_input` */
export function hoursOf({ from, to }: { from?: Date | undefined; to?: Date | undefined }, now: Date): Hours {
  const ends = to ?? now;
  const begins = from ?? new Date(ends.getTime() - DEFAULT_DAYS * DAY_MS);
  if (begins >= ends) throw invalidField('to', 'too_small', 'must be after `from`');
  if (ends.getTime() - begins.getTime() > MAX_DAYS * DAY_MS) {
    throw invalidField('to', 'too_big', `at most ${MAX_DAYS} days after \`from\``);
  }
  return { from: new Date(fullHour(begins)), to: ends };
}
