const MINUTE = 60_000;
/** Growing delays between tries, in minutes. Greylisting opens after 1-5 minutes; RFC 5321 §4.5.4.1 asks for 30 on average. */
const DELAYS_MINUTES = [1, 5, 15, 30, 60, 120, 240];

/** RFC 5321 §4.5.4.1 speaks of 4-5 days for a mail between people; yesterday's news is stale after three. */
export const DELIVERY_EXPIRY_MS = 72 * 60 * MINUTE;

/**
 * When to try again after a deferral.
 * @param attempts tries so far, including the one just deferred (1 or more)
 * @param random 0 ≤ random < 1: spreads retries over ±10 % so that they do not come back as one wave
 * @returns null when the next try would come after the expiry
 */
export function nextTry(attempts: number, now: Date, expiresAt: Date, random: number): Date | null {
  const minutes = DELAYS_MINUTES[Math.min(attempts, DELAYS_MINUTES.length) - 1] ?? 1;
  const due = new Date(now.getTime() + minutes * MINUTE * (0.9 + random * 0.2));
  return due < expiresAt ? due : null;
}
