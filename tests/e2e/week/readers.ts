import { HOUR, OWN_ZONE, ZONES } from './calendar.js';
import { DIGESTS, TOPICS, type DigestName } from './digests.js';
import type { Dice } from './dice.js';

export interface Choice {
  /** Slugs; null: all. */
  topics: string[] | null;
  cadence: 'every' | 'daily' | 'weekly' | 'breaking';
  weekday: number | null;
  hour: number | null;
  alerts: boolean;
  pausedUntil: string | null;
}

export interface Reader {
  email: string;
  /** Null: the publication's. */
  zone: string | null;
  locale: string;
  choices: Partial<Record<DigestName, Choice>>;
}

/** Two is an hour that comes twice on the night of the 25th. Few hours, so that waves have many readers. */
const HOURS = [2, 7, 18];

export function clockOf(reader: Reader): string {
  return reader.zone ?? OWN_ZONE;
}

export function randomReader(dice: Dice, number: number, now: number): Reader {
  const zone = dice.chance(0.05) ? null : dice.pick(ZONES);
  const wants = dice.pick([['daily'], ['daily'], ['weekly'], [...DIGESTS], [...DIGESTS]] as DigestName[][]);
  return {
    email: `reader${number}@d${number % 7}.example`,
    zone,
    // A second language in one zone alone: each costs every wave that has it a compile.
    locale: (zone ?? OWN_ZONE) === OWN_ZONE ? dice.pick(['en', 'de']) : 'en',
    choices: Object.fromEntries(wants.map((digest) => [digest, randomChoice(dice, now)])),
  };
}

/** @param now what is paused is paused until a day after it */
export function randomChoice(dice: Dice, now: number): Choice {
  const cadence = dice.pick(['every', 'every', 'daily', 'daily', 'weekly', 'breaking'] as const);
  const pause = new Date(now + (24 + 24 * dice.below(5) + 14) * HOUR).toISOString().slice(0, 10);
  return {
    topics: dice.chance(0.35) ? null : dice.some(TOPICS, 1 + dice.below(4)),
    cadence,
    weekday: cadence === 'weekly' && dice.chance(0.8) ? 1 + dice.below(7) : null,
    hour: dice.chance(0.3) ? null : dice.pick(HOURS),
    alerts: dice.chance(0.4),
    pausedUntil: dice.chance(0.04) ? pause : null,
  };
}

/** As `subscriptions` of the API and of an import. */
export function subscriptionsOf({ choices }: Reader): object[] {
  return Object.entries(choices).map(([digest, choice]) => ({ digest, ...choice }));
}
