import { DomainError } from '#kernel/errors/errors.js';

/** In this time so many test mails may be written. */
export const QUOTA_WINDOW_MS = 3_600_000; // an hour: a slip is made good the same day
/** By one operator or key: a look at an edition with ten colleagues, six times an hour. */
export const TESTS_PER_CALLER = 60;
/** By all together: what a stolen key and its sisters could send to strangers in our name. */
export const TESTS_IN_ALL = 200;

/** A test mail that was written in the window. */
export interface WrittenTest {
  at: Date;
  /** Who asked for it: the id of an operator or key; null: from before that was noted. */
  by: string | null;
}

/**
 * @param written what was written in the window, the oldest first
 * @param wanted how many more are asked for; at most {@link TESTS_PER_CALLER}
 * @returns milliseconds until there is room for them; 0: there is
 */
export function waitForRoom(
  written: readonly WrittenTest[],
  caller: string,
  wanted: number,
  now: Date,
): number {
  const own = written.filter(({ by }) => by === caller);
  return Math.max(
    untilRoom(own, TESTS_PER_CALLER, wanted, now),
    untilRoom(written, TESTS_IN_ALL, wanted, now),
  );
}

function untilRoom(written: readonly WrittenTest[], limit: number, wanted: number, now: Date): number {
  const tooMany = written.length + wanted - limit;
  const last = tooMany > 0 ? written[tooMany - 1] : undefined; // with it there are few enough
  return last ? Math.max(1, last.at.getTime() + QUOTA_WINDOW_MS - now.getTime()) : 0;
}

/** 429 in words. @param waitMs until there is room */
export function quotaUsedUp(waitMs: number): DomainError {
  const seconds = Math.ceil(waitMs / 1000);
  const minutes = Math.ceil(seconds / 60);
  return new DomainError(
    'rate_limited',
    `Test mails are limited to ${TESTS_PER_CALLER} an hour for one operator or key, and ${TESTS_IN_ALL} for all together. ` +
      `There is room for these in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}; or give fewer addresses.`,
    { retryAfter: seconds },
  );
}
