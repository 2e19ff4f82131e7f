import type { FieldError } from '#kernel/errors/errors.js';
import type { DigestChoice, TopicChoice } from './choice.repository.js';

/** What there is to choose from, read once. */
export interface Offer {
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

/** Ids of topics, null for all of them, undefined when nothing is said. */
export function topicsOf(
  offer: Offer,
  references: readonly string[] | null | undefined,
  field: string,
  errors: FieldError[],
): string[] | null | undefined {
  if (!references) return references;
  const ids = idsOf(offer.topics, references, field, 'topic', errors);
  return ids.length > 0 ? ids : null;
}
