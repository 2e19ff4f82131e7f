import { DAY, OWN_ZONE, WEEK_FROM, firstShowing, wallAt } from './calendar.js';

export type DigestName = 'daily' | 'weekly';
export const DIGESTS: readonly DigestName[] = ['daily', 'weekly'];
export const TOPICS = ['harbour', 'sport', 'culture', 'weather', 'money', 'village'];

export interface DigestRules {
  topics: readonly string[] | null;
  least: number;
  most: number;
  lookbackDays: number;
  /** As the API takes it. */
  schedule: { cron: string; timeZone?: string; readerLocal?: boolean };
}

export const DAILY_HOUR = 7;
/** Clocks of the publication showed 11:00 when the digest was made, so the first is the next day's. */
export const FIRST_DAILY_DATE = wallAt(OWN_ZONE, WEEK_FROM + DAY).slice(0, 10);
/** Saturday evening in Berlin: some readers' hours come after Europe's clocks have gone back. */
export const WEEKLY_SLOTS: readonly number[] = [firstShowing(OWN_ZONE, '2026-10-24T18:30')];

export const RULES: Record<DigestName, DigestRules> = {
  daily: {
    topics: null,
    least: 1,
    most: 4,
    lookbackDays: 3,
    schedule: { cron: '0 7 * * *', readerLocal: true },
  },
  weekly: {
    topics: ['harbour', 'culture', 'money'],
    least: 2,
    most: 8,
    lookbackDays: 14,
    schedule: { cron: '30 18 * * 6', timeZone: OWN_ZONE },
  },
};
