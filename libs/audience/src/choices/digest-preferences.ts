import type { Cadence, FirstWish } from '#database/schema/index.js';

/** What a reader wants of a digest, whichever it is. */
export interface DigestPreferences {
  /** Topic ids; null: all topics of the digest; empty: none is left of those that were chosen, so nothing. */
  topics: string[] | null;
  cadence: Cadence;
  /** Of the cadence `weekly`: ISO 8601, 1 Monday to 7 Sunday; null: any day, a week apart. */
  weekday: number | null;
  /** Reader's local hour, 0-23; null: the digest's time. */
  hour: number | null;
  /** Breaking articles too, at once. */
  alerts: boolean;
  /** `YYYY-MM-DD`: the first day with mail again, where the reader is; null: no pause. */
  pausedUntil: string | null;
}

/** A change of preferences. A member that is undefined stays as it was. */
export type DigestPreferencesPatch = {
  [Member in keyof DigestPreferences]?: DigestPreferences[Member] | undefined;
};

/** The preferences of a reader who chose nothing. */
export const PLAIN: DigestPreferences = {
  topics: null,
  cadence: 'every',
  weekday: null,
  hour: null,
  alerts: false,
  pausedUntil: null,
};

/** The preferences after a change. A weekday goes with the cadence `weekly`, and away with it. */
export function settle(wish: DigestPreferencesPatch, before: DigestPreferences = PLAIN): DigestPreferences {
  const { topics, weekday, hour, pausedUntil } = wish;
  const cadence = wish.cadence ?? before.cadence;
  return {
    topics: topics === undefined ? before.topics : topics,
    cadence,
    weekday: cadence !== 'weekly' ? null : weekday === undefined ? before.weekday : weekday,
    hour: hour === undefined ? before.hour : hour,
    alerts: wish.alerts ?? before.alerts,
    pausedUntil: pausedUntil === undefined ? before.pausedUntil : pausedUntil,
  };
}

/** The part of the preferences that is kept until there is a digest; null when nothing was chosen. */
export function firstWishOf({ topics, cadence, weekday, hour, alerts }: DigestPreferences): FirstWish | null {
  const chose = topics !== null || cadence !== 'every' || hour !== null || alerts;
  return chose ? { topics, cadence, weekday, hour, alerts } : null;
}
