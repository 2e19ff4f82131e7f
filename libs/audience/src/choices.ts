import { Injectable } from '@nestjs/common';
import type { Cadence } from '#database/schema/index.js';
import { invalidInput, type FieldError } from '#kernel/errors.js';
import { ChoiceRepository, type DigestChoice, type TopicChoice } from './choice.repository.js';

/** What a subscriber gets of one digest. */
export interface Choice {
  digestId: string;
  /** Topic ids; null: all topics of the digest. */
  topics: string[] | null;
  cadence: Cadence;
  /** Reader's local hour, 0-23; null: the digest's. */
  hour: number | null;
}

export interface Wish {
  /** Ids or slugs; none: the publication's default digests. */
  digests?: readonly string[] | undefined;
  /** Ids or slugs; none: all topics. */
  topics?: readonly string[] | undefined;
  cadence?: Cadence | undefined;
  hour?: number | null | undefined;
}

export interface ResolvedWish {
  /** No digest was named: the subscriber follows the publication's defaults. */
  followsDefaults: boolean;
  choices: Choice[];
  /** What consent is given for: `newsletter`, and `digest:SLUG` for each digest. */
  purposes: string[];
}

/** What there is to choose from, read once. */
export interface Menu {
  digests: DigestChoice[];
  topics: TopicChoice[];
}

/** Finds an item by id or slug. */
export function pick<T extends { id: string; slug: string }>(
  items: readonly T[],
  reference: string,
): T | undefined {
  const wanted = reference.trim().toLowerCase();
  return items.find((item) => item.id === wanted || item.slug === wanted);
}

/** The ids that references name; what they do not name is added to the errors. */
export function idsOf(
  items: readonly { id: string; slug: string }[],
  references: readonly string[],
  field: string,
  kind: string,
  errors: FieldError[],
): string[] {
  const ids = references.map((reference, index) => {
    const found = pick(items, reference);
    if (!found) {
      errors.push({ field: `${field}.${index}`, code: 'unknown', message: `There is no such ${kind}.` });
    }
    return found?.id ?? '';
  });
  return [...new Set(ids)];
}

/**
 * Turns what was wished for into subscriptions.
 * @throws DomainError `invalid_input` naming `digests.0`, `topics.2` …
 */
export function resolveWish(menu: Menu, wish: Wish): ResolvedWish {
  const errors: FieldError[] = [];
  const named = idsOf(menu.digests, wish.digests ?? [], 'digests', 'digest', errors);
  const topics = idsOf(menu.topics, wish.topics ?? [], 'topics', 'topic', errors);
  if (errors.length > 0) throw invalidInput(errors);
  const followsDefaults = named.length === 0;
  const chosen = menu.digests.filter((item) => (followsDefaults ? item.isDefault : named.includes(item.id)));
  return {
    followsDefaults,
    choices: chosen.map((item) => ({
      digestId: item.id,
      topics: topics.length > 0 ? topics : null,
      cadence: wish.cadence ?? 'every',
      hour: wish.hour ?? null,
    })),
    purposes: ['newsletter', ...chosen.map((item) => `digest:${item.slug}`)],
  };
}

/**
 * What a subscriber gets after an operator's change: a list that is not given stays as it was, and so do the cadence
 * and hour of a digest that stays.
 * @param digests null: none at all
 */
export function changedWish(
  menu: Menu,
  now: { followsDefaults: boolean; choices: readonly Choice[] },
  wanted: { digests?: readonly string[] | null | undefined; topics?: readonly string[] | undefined },
): ResolvedWish {
  if (wanted.digests === null) return { followsDefaults: false, choices: [], purposes: ['newsletter'] };
  const kept = now.followsDefaults ? [] : now.choices.map((choice) => choice.digestId);
  const wish = resolveWish(menu, { digests: wanted.digests ?? kept, topics: wanted.topics });
  const before = new Map(now.choices.map((choice) => [choice.digestId, choice]));
  const choices = wish.choices.map((choice) => {
    const old = before.get(choice.digestId);
    if (!old) return choice;
    const topics = wanted.topics === undefined ? old.topics : choice.topics;
    return { ...choice, topics, cadence: old.cadence, hour: old.hour };
  });
  return { ...wish, choices };
}

/** Resolves wishes against what there is now. */
@Injectable()
export class Choices {
  constructor(private readonly repository: ChoiceRepository) {}

  async menu(publicationId: string): Promise<Menu> {
    const [digests, topics] = await Promise.all([
      this.repository.digests(publicationId),
      this.repository.topics(publicationId),
    ]);
    return { digests, topics };
  }

  /** See {@link resolveWish}. */
  async resolve(publicationId: string, wish: Wish): Promise<ResolvedWish> {
    return resolveWish(await this.menu(publicationId), wish);
  }
}
