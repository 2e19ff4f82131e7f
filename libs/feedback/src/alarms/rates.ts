/**
 * When complaints and dead addresses are too many. Gmail's and Yahoo's rules for bulk senders (since February 2024): stay below
 * 0.1 % of reported spam, and never reach 0.3 %, from where mail is refused or filed as spam.
 */
export const COMPLAINT_WARNING = 0.001;
export const COMPLAINT_SEVERE = 0.003;
/** Of fewer messages one angry reader is a tenth of a percent already. */
export const COMPLAINT_MIN_ACCEPTED = 1_000;
export const COMPLAINT_MIN = 3;

/** Providers' advice to senders agrees on 2 %: who keeps his list does not reach it. */
export const BOUNCE_LIMIT = 0.02;
/** Of fewer messages a handful of typing errors is over the limit. */
export const BOUNCE_MIN_MESSAGES = 100;
export const BOUNCE_MIN = 5;

/** Rates are over this window: what is older, providers have forgotten too. */
export const RATE_WINDOW_MS = 7 * 86_400_000;

/** `count` of `of` messages. */
export interface Rate {
  count: number;
  of: number;
}

export const LEVELS = ['warning', 'severe'] as const;
export type Level = (typeof LEVELS)[number];

/** How bad complaints are; null: not bad, or too few to tell. @param rate complaints, of accepted messages */
export function complaintLevel({ count, of }: Rate): Level | null {
  if (of < COMPLAINT_MIN_ACCEPTED || count < COMPLAINT_MIN) return null;
  if (count / of >= COMPLAINT_SEVERE) return 'severe';
  return count / of > COMPLAINT_WARNING ? 'warning' : null;
}

/** Whether too many addresses were dead. @param rate hard bounces, of messages that were accepted or failed */
export function bouncesTooMuch({ count, of }: Rate): boolean {
  return of >= BOUNCE_MIN_MESSAGES && count >= BOUNCE_MIN && count / of > BOUNCE_LIMIT;
}
