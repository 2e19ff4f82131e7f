import { slugify } from '#kernel/input/slug.js';
import type { TopicRef } from '../articles/topic-lookup.js';

/** A category as rules know it: case and white space do not matter. */
export function categoryKey(category: string): string {
  return category.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/**
 * The topics that an entry's categories mean. A rule goes first; else a category is the topic of the same name or slug.
 * @param rules topic ids by {@link categoryKey}; null: none
 * @returns ids, each once, in the order of the categories; topics that are no more are left out
 */
export function topicsOfCategories(
  categories: readonly string[],
  rules: Readonly<Record<string, string | null>>,
  topics: readonly TopicRef[],
): string[] {
  const known = new Set(topics.map(({ id }) => id));
  const byName = new Map(topics.map(({ id, name }) => [categoryKey(name), id]));
  const bySlug = new Map(topics.map(({ id, slug }) => [slug, id]));
  const found = categories.map((category) => {
    const key = categoryKey(category);
    if (key === '') return undefined;
    if (Object.hasOwn(rules, key)) return rules[key];
    return byName.get(key) ?? bySlug.get(key) ?? bySlug.get(slugify(category, ''));
  });
  return [...new Set(found.filter((id) => typeof id === 'string'))].filter((id) => known.has(id));
}
