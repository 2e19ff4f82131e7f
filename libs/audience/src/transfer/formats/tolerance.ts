import { slugFrom } from '#kernel/input/slug.js';
import type { Offer } from '../../choices/offer.js';
import { localeField, timeZoneField } from '../../publication/fields.js';

const LANGUAGE = /^[a-z]{2,3}(?:[-_][a-z0-9]{2,8}){0,3}$/i;
const MOST_KNOWN = 1_000;
const zones = new Map<string, boolean>();

/** A language tag, or nothing: what another service calls a language is no reason to leave a reader out. */
export function localeOf(text = ''): string {
  const read = LANGUAGE.test(text.trim()) ? localeField.safeParse(text) : undefined;
  return read?.success ? read.data : '';
}

/** Whether it is an IANA time zone. Asked for each line, and slow to answer, so the answers are kept. */
export function isZone(name: string): boolean {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const isOne = timeZoneField.safeParse(name).success;
  if (zones.size < MOST_KNOWN) zones.set(name, isOne);
  return isOne;
}

/** The topics that words mean, by slug or name; and the words that mean none. */
export function topicsIn(words: readonly string[], offer: Offer): { known: string[]; unknown: string[] } {
  const found = words.map((word) => {
    const slug = slugFrom(word);
    const wanted = word.trim().toLowerCase();
    return offer.topics.find((topic) => topic.slug === slug || topic.name.toLowerCase() === wanted);
  });
  return {
    known: [...new Set(found.flatMap((topic) => topic?.slug ?? []))],
    unknown: words.filter((_, index) => !found[index]),
  };
}
