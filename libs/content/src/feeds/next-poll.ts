const MINUTE_MS = 60_000;
/** A site that has been down for days is looked at once a day. */
const LONGEST_WAIT_MS = 24 * 60 * MINUTE_MS;
/** A server may ask for patience, but not for ever: a wrong clock asks for years. */
const LONGEST_RETRY_AFTER_MS = 7 * LONGEST_WAIT_MS;

/**
 * When a feed is polled next: after its interval, twice that after a failure, four times after the second, up to a day
 * (or its interval, if that is longer). Never before the server wants to be asked.
 * @param failures in a row, with this one
 */
export function nextPoll(now: Date, everyMinutes: number, failures: number, retryAt: Date | null): Date {
  const every = everyMinutes * MINUTE_MS;
  const wait = Math.min(every * 2 ** Math.min(failures, 20), Math.max(every, LONGEST_WAIT_MS));
  const asked = retryAt ? Math.min(retryAt.getTime() - now.getTime(), LONGEST_RETRY_AFTER_MS) : 0;
  return new Date(now.getTime() + Math.max(wait, asked));
}

/** Reads `Retry-After`, RFC 9110 §10.2.3: seconds or a date. */
export function retryAfter(header: string | undefined, now: Date): Date | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return new Date(now.getTime() + Number(text) * 1000);
  const date = /[a-z]/i.test(text) ? new Date(text) : null;
  return date && !Number.isNaN(date.getTime()) ? date : null;
}
