import transliterated, { type Options } from '@sindresorhus/slugify';
import { z } from 'zod';
import { isId } from '../ids.js';

/** A slug is a part of a URL that people read and mail; longer ones wrap. */
export const MAX_SLUG = 80;

/** A camel's humps are no words in a headline: `iPhone`, `McDonald`. */
const OPTIONS = { decamelize: false } satisfies Options;

/** What the library leaves out or writes otherwise; an apostrophe parts no word: `O’Brien`, `об’єднання`. */
const ROMAN: [string, string][] = [
  ...["'", '’', '‘', 'ʼ'].map((apostrophe): [string, string] => [apostrophe, '']),
  ...Object.entries({ щ: 'shch', ђ: 'dj', ћ: 'c', џ: 'dz', ŋ: 'ng', ĸ: 'k', ŧ: 't' }),
];

/** Lower-case words of any script with hyphens between; never the shape of an id, since both name a thing. */
export const slugField = z
  .string()
  .trim()
  .max(MAX_SLUG)
  .regex(/^[\p{Ll}\p{Lo}\p{M}\p{N}]+(?:-[\p{Ll}\p{Lo}\p{M}\p{N}]+)*$/u, {
    error: 'Use small letters, digits and single hyphens, such as city-council.',
  })
  .refine((slug) => !isId(slug), { error: 'A slug may not look like an id.', params: { code: 'invalid' } });

/** Small letters without accents, in Latin only: in other scripts the marks are part of the word. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFC')
    .toLowerCase();
}

/** A slug from a name, in the name's own script. @returns '' if nothing is left */
export function slugFrom(name: string): string {
  const letters = plain(name);
  const marks = [...new Set(letters.match(/\p{M}/gu))];
  const slug = transliterated(letters, {
    ...OPTIONS,
    transliterate: false,
    customReplacements: [['ß', 'ss']],
    preserveCharacters: marks,
  });
  return cutSlug(slug, MAX_SLUG);
}

/**
 * A title as a part of a URL: lower-case ASCII letters, digits and single hyphens, at most {@link MAX_SLUG}
 * characters, cut at a word. What cannot be romanised is left out.
 * @param fallback what to take when nothing readable is left: `article-3f9a1c2e`
 */
export function slugify(title: string, fallback: string): string {
  const slug = transliterated(plain(title), { ...OPTIONS, customReplacements: ROMAN });
  return cutSlug(slug, MAX_SLUG) || fallback;
}

function cutSlug(slug: string, limit: number): string {
  if (slug.length <= limit) return slug;
  const room = slug.slice(0, limit);
  const atWord = slug[limit] === '-' ? room : room.slice(0, room.lastIndexOf('-'));
  return (atWord.length > limit / 2 ? atWord : room).replace(/-+$/, '');
}

/**
 * The first of `slug`, `slug-2`, `slug-3` … that is not taken.
 * @param taken every slug in use that begins with the stem of this one
 */
export function freeSlug(slug: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = cutSlug(slug, MAX_SLUG - suffix.length) + suffix;
    if (!used.has(candidate)) return candidate;
  }
}

/** What every candidate of {@link freeSlug} begins with, so that a query can find those in use. */
export function slugStem(slug: string): string {
  const longestSuffix = '-99999'.length;
  return slug.length <= MAX_SLUG - longestSuffix ? slug : slug.slice(0, MAX_SLUG / 2 - longestSuffix);
}
