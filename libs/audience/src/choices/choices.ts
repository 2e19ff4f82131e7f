import { Injectable } from '@nestjs/common';
import type { FirstWish } from '#database/schema/index.js';
import { invalidInput, type FieldError } from '#kernel/errors/errors.js';
import { ChoiceRepository } from './choice.repository.js';
import { idsOf, pick, topicsOf, type Offer } from './offer.js';
import {
  firstWishOf,
  PLAIN,
  settle,
  type DigestPreferences,
  type DigestPreferencesPatch,
} from './digest-preferences.js';

/** What a subscriber gets of one digest. */
export interface Choice extends DigestPreferences {
  digestId: string;
}

/** What is wished of one digest. */
export interface DigestWish extends Omit<DigestPreferencesPatch, 'topics'> {
  /** Id or slug. */
  digest: string;
  /** Ids or slugs; null or none: all topics. */
  topics?: readonly string[] | null | undefined;
}

/** The same for several digests at once; or each digest by itself in `subscriptions`. */
export interface Wish extends Omit<DigestPreferencesPatch, 'topics'> {
  /** Ids or slugs; none: the publication's default digests; null: no digest at all. */
  digests?: readonly string[] | null | undefined;
  /** Ids or slugs; none: all topics. */
  topics?: readonly string[] | undefined;
  /** The complete list of digests; the other members are ignored when it is given. */
  subscriptions?: readonly DigestWish[] | undefined;
}

/** What a subscriber has. */
export interface Standing {
  followsDefaults: boolean;
  choices: readonly Choice[];
  /** What they chose before there was a digest. */
  firstWish: FirstWish | null;
}

export interface ResolvedWish {
  /** No digest was named: the subscriber follows the publication's defaults. */
  followsDefaults: boolean;
  choices: Choice[];
  /** What was chosen while there is no default digest yet. */
  firstWish: FirstWish | null;
  /** What consent is given for: `newsletter`, and `digest:SLUG` for each digest. */
  purposes: string[];
}

const NEWCOMER: Standing = { followsDefaults: true, choices: [], firstWish: null };

const notWeekly = (field: string): FieldError => ({
  field,
  code: 'not_weekly',
  message: 'A weekday goes with the cadence weekly alone; leave it out, or choose weekly.',
});

/** What each digest's choice starts from: what it was, or what was chosen before there was a digest. */
function startingFrom({ choices, firstWish }: Standing): (digestId: string) => DigestPreferences {
  const before = new Map(choices.map(({ digestId, ...preferences }) => [digestId, preferences]));
  const first = choices.length === 0 && firstWish ? { ...PLAIN, ...firstWish } : PLAIN;
  return (digestId) => before.get(digestId) ?? first;
}

/** What consent to these choices is given for. */
export function purposesOf(offer: Offer, choices: readonly Pick<Choice, 'digestId'>[]): string[] {
  const chosen = offer.digests.filter(({ id }) => choices.some(({ digestId }) => digestId === id));
  return ['newsletter', ...chosen.map(({ slug }) => `digest:${slug}`)];
}

/**
 * The choices that a list of digests makes, one by one.
 * @param field what the input calls the list
 * @throws DomainError `invalid_input` naming `subscriptions.0.weekday` …
 */
export function choicesOf(
  offer: Offer,
  wishes: readonly DigestWish[],
  now: Standing = NEWCOMER,
  field = 'subscriptions',
): Choice[] {
  const errors: FieldError[] = [];
  const before = startingFrom(now);
  const choices = new Map<string, Choice>();
  wishes.forEach(({ digest, topics, ...wish }, index) => {
    const at = (member: string) => `${field}.${index}.${member}`;
    const chosen = topicsOf(offer, topics, at('topics'), errors);
    const found = pick(offer.digests, digest);
    if (!found) {
      errors.push({ field: at('digest'), code: 'unknown', message: 'There is no such digest.' });
      return;
    }
    if (choices.has(found.id)) {
      errors.push({ field: at('digest'), code: 'doubled', message: 'This digest is there twice; keep one.' });
    }
    const preferences = settle({ ...wish, topics: chosen }, before(found.id));
    if (wish.weekday && preferences.cadence !== 'weekly') errors.push(notWeekly(at('weekday')));
    choices.set(found.id, { digestId: found.id, ...preferences });
  });
  if (errors.length > 0) throw invalidInput(errors);
  return [...choices.values()];
}

/**
 * What a subscriber gets after a change: what is not given stays as it was.
 * @throws DomainError `invalid_input` naming `digests.0`, `topics.2`, `weekday` …
 */
export function changedWish(offer: Offer, now: Standing, wish: Wish): ResolvedWish {
  if (wish.subscriptions) {
    const choices = choicesOf(offer, wish.subscriptions, now);
    return { followsDefaults: false, choices, firstWish: null, purposes: purposesOf(offer, choices) };
  }
  const errors: FieldError[] = [];
  const topics = topicsOf(offer, wish.topics, 'topics', errors);
  const named = wish.digests && idsOf(offer.digests, wish.digests, 'digests', 'digest', errors);
  if (wish.weekday && wish.cadence !== 'weekly') errors.push(notWeekly('weekday'));
  if (errors.length > 0) throw invalidInput(errors);

  const followsDefaults = named === undefined ? now.followsDefaults : named?.length === 0;
  const own = now.choices.map(({ digestId }) => digestId);
  const kept = named === undefined ? own.filter((id) => pick(offer.digests, id)) : (named ?? []);
  const takesDefaults = followsDefaults && kept.length === 0;
  const chosen = offer.digests.filter(({ id, isDefault }) => (takesDefaults ? isDefault : kept.includes(id)));
  const { cadence, weekday, hour, alerts, pausedUntil } = wish;
  const said: DigestPreferencesPatch = { topics, cadence, weekday, hour, alerts, pausedUntil };
  const before = startingFrom(now);
  const choices = chosen.map(({ id }) => ({ digestId: id, ...settle(said, before(id)) }));
  const waits = takesDefaults && choices.length === 0;
  return {
    followsDefaults,
    choices,
    firstWish: waits ? firstWishOf(settle(said, before(''))) : null,
    purposes: purposesOf(offer, choices),
  };
}

/** What somebody new gets. @throws as {@link changedWish} does */
export function resolveWish(offer: Offer, wish: Wish): ResolvedWish {
  return changedWish(offer, NEWCOMER, wish);
}

/** Resolves wishes against what there is now. */
@Injectable()
export class Choices {
  constructor(private readonly repository: ChoiceRepository) {}

  async offer(publicationId: string): Promise<Offer> {
    const [digests, topics] = await Promise.all([
      this.repository.digests(publicationId),
      this.repository.topics(publicationId),
    ]);
    return { digests, topics };
  }

  /** See {@link resolveWish}. */
  async resolve(publicationId: string, wish: Wish): Promise<ResolvedWish> {
    return resolveWish(await this.offer(publicationId), wish);
  }
}
