/** How many mails a stranger can make us send to one address by typing it into a form. */
export const MAILS_PER_ADDRESS = 3;
export const THROTTLE_WINDOW_MS = 3_600_000; // one hour

/** The instant since which mails count. */
export function throttleStart(now: Date): Date {
  return new Date(now.getTime() - THROTTLE_WINDOW_MS);
}
