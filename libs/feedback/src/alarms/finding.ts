import { isDeepStrictEqual } from 'node:util';
import type { AlarmCause } from '#database/schema/index.js';
import type { Level } from './rates.js';

/** Something that an operator should look at. */
export interface Finding {
  publicationId: string;
  cause: AlarmCause;
  /** What it is about: an edition's, feed's or transport's id, a domain, `imap`. An alarm is one per cause and subject. */
  subject: string;
  /** JSON, without addresses of readers. `name` is the subject's for people, `reason` somebody's words, `level` of a rate. */
  detail: Record<string, unknown>;
  /** Since when it is so, if that is known; else it is now. */
  since?: Date | undefined;
}

/** These have a mail of their own, written where it happens: the alarm sends no second one. */
const MAILED_ELSEWHERE: readonly AlarmCause[] = ['edition_paused', 'provider_blocking'];
/** Something that happened, and can not stop being so: it is gone once somebody has seen it. */
const HAPPENED: readonly AlarmCause[] = ['records_changed', 'returned_mail_unread'];

const MINUTE_MS = 60_000;
/**
 * So long a cause must be absent before its alarm is gone: what comes and goes around a limit is one alarm, and one mail. Those
 * that are not here end at once.
 */
const CALM_MS: Partial<Record<AlarmCause, number>> = {
  edition_late: 10 * MINUTE_MS, // the forecast is made anew every ten seconds
  transport_resting: 15 * MINUTE_MS, // between two rests it is tried
  mailbox_unreachable: 5 * MINUTE_MS, // it may break off again
  complaint_rate: 1_440 * MINUTE_MS,
  bounce_rate: 1_440 * MINUTE_MS,
};

export const isMailedElsewhere = (cause: AlarmCause) => MAILED_ELSEWHERE.includes(cause);
export const endsWhenSeen = (cause: AlarmCause) => HAPPENED.includes(cause);

/** Whether an alarm is over whose cause was last found then. */
export function isCalm(cause: AlarmCause, lastFound: Date, now: Date): boolean {
  return now.getTime() - lastFound.getTime() >= (CALM_MS[cause] ?? 0);
}

type Detail = Record<string, unknown>;

export const levelOf = (detail: Detail) => detail['level'] as Level | undefined;

/** Whether it has become so much worse that the operators are told again. */
export function isWorse(before: Detail, after: Detail): boolean {
  return levelOf(after) === 'severe' && levelOf(before) !== 'severe';
}

/** What is known of an alarm that goes on: the latest, and the worst level that it had. */
export function latest(before: Detail, after: Detail): Detail {
  return levelOf(before) === 'severe' && levelOf(after) ? { ...after, level: 'severe' } : after;
}

/** @param before as the database gave it back */
export function isSame(before: Detail, after: Detail): boolean {
  return isDeepStrictEqual(before, JSON.parse(JSON.stringify(after)));
}
