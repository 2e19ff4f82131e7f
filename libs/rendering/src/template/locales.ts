import { LRUCache } from 'lru-cache';
import { readTemplates } from './template-files.js';

/** The language everything exists in; what another lacks is taken from here. */
export const BASE_LOCALE = 'en';

const catalogues = new Map<string, Readonly<Record<string, string>>>(
  Object.entries(readTemplates('locales'))
    .filter(([file]) => file.endsWith('.json'))
    .map(([file, text]) => [file.slice(0, -'.json'.length), JSON.parse(text) as Record<string, string>]),
);

/** Every locale there are texts for, as `templates/locales/` has them. */
export const LOCALES: readonly string[] = [...catalogues.keys()].sort();

/** The texts of one locale, flat: `mail.read_on` → `Read on`. For tests and for those who check translations. */
export function catalogue(locale: string): Readonly<Record<string, string>> {
  return catalogues.get(locale) ?? {};
}

/**
 * Finds the locale to write in for what a reader or browser asks for.
 * @param wanted a language tag (BCP 47), such as `de-AT`
 * @param fallback what to take when there are no texts for it; the base locale when there are none for that either
 */
export function resolveLocale(wanted: string | null | undefined, fallback: string = BASE_LOCALE): string {
  if (wanted && catalogues.has(wanted)) return wanted; // asked for each reader
  for (const tag of [wanted, fallback]) {
    const parts = (tag ?? '').replaceAll('_', '-').toLowerCase().split('-');
    for (let length = parts.length; length > 0; length--) {
      const candidate = parts.slice(0, length).join('-');
      const found = LOCALES.find((locale) => locale.toLowerCase() === candidate);
      if (found) return found;
    }
  }
  return BASE_LOCALE;
}

/** Unicode TR 9: a Latin name in Arabic text must not pull the digits and commas beside it to the wrong side. */
const FIRST_STRONG_ISOLATE = '\u2068';
const POP_ISOLATE = '\u2069';

/**
 * The text for a key, with `{name}` replaced by the variables of those names.
 * @returns plain text; the base locale's when the locale has none, and the key itself when nobody has
 */
export function translate(
  locale: string,
  key: string,
  vars: Readonly<Record<string, string | number>> = {},
): string {
  const text = catalogues.get(resolveLocale(locale))?.[key] ?? catalogues.get(BASE_LOCALE)?.[key] ?? key;
  const isolated = direction(locale) === 'rtl';
  return text.replace(/\{(\w+)\}/g, (all, name: string) => {
    if (!Object.hasOwn(vars, name)) return all;
    const value = String(vars[name]);
    return isolated ? `${FIRST_STRONG_ISOLATE}${value}${POP_ISOLATE}` : value;
  });
}

const RTL_LANGUAGES = new Set(['ar', 'arc', 'ckb', 'dv', 'fa', 'he', 'ks', 'ps', 'sd', 'ug', 'ur', 'yi']);

/** Which way a locale is written. */
export function direction(locale: string): 'ltr' | 'rtl' {
  return RTL_LANGUAGES.has(locale.split(/[-_]/)[0]?.toLowerCase() ?? '') ? 'rtl' : 'ltr';
}

/**
 * Writes a date for people.
 * @param style `full`: with the day of the week; `short`: day, month and year
 * @param timeZone IANA name
 */
export function formatDate(
  locale: string,
  date: Date,
  timeZone: string,
  style: 'full' | 'short' = 'full',
): string {
  return dateFormat(regional(locale), timeZone, style).format(date);
}

/** Making one takes a hundred times as long as using it; there are few languages, and few zones at a time. */
const DATE_FORMATS = new LRUCache<string, Intl.DateTimeFormat>({ max: 100 });

function dateFormat(locale: string, timeZone: string, style: 'full' | 'short'): Intl.DateTimeFormat {
  const key = `${locale} ${style} ${timeZone}`;
  const known = DATE_FORMATS.get(key);
  if (known) return known;
  const weekday = style === 'full' ? { weekday: 'long' as const } : {};
  const made = new Intl.DateTimeFormat(locale, {
    ...weekday,
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  });
  DATE_FORMATS.set(key, made);
  return made;
}

/** Joins names as the language does: `A, B and C`. */
export function formatList(locale: string, names: readonly string[]): string {
  return new Intl.ListFormat(regional(locale), { type: 'conjunction' }).format(names);
}

/** Bare `en` would write dates the American way, which half the world misreads. */
function regional(locale: string): string {
  return locale === 'en' ? 'en-GB' : locale;
}

/** Longer than any name a person gives, and too short for a sales pitch. */
const MAX_GREETED_NAME = 60;
const ADVERTISEMENT = /:\/\/|www\.|@|[\p{L}\d]\.\p{L}{2,}/iu;

/**
 * The first words of a mail: by name when there is one. Control characters are dropped. What is long or has a web
 * address in it is no name: bots put advertisements in the name field so that the confirmation carries them.
 */
export function greeting(locale: string, name: string | null | undefined): string {
  const clean = (name ?? '').replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  if (!clean || clean.length > MAX_GREETED_NAME || ADVERTISEMENT.test(clean)) {
    return translate(locale, 'mail.greeting_no_name');
  }
  return translate(locale, 'mail.greeting', { name: clean });
}
