/** How far another's clock may be ahead of ours. */
const MAX_AHEAD_MS = 300_000; // 5 min, as the Standard Webhooks specification's libraries

/** Whether a time is no longer ago than that, nor in the future. @param maxAgeMs milliseconds */
export function isFresh(at: Date, now: Date, maxAgeMs: number): boolean {
  const age = now.getTime() - at.getTime();
  return age <= maxAgeMs && age >= -MAX_AHEAD_MS; // false for an invalid date
}

/** A time that headers give in whole seconds since 1970. @returns an invalid date if it is none */
export function unixTime(text: string | undefined): Date {
  return new Date(/^\d{1,12}$/.test(text ?? '') ? Number(text) * 1000 : NaN);
}
