import { readBase } from '../story/base-url.js';
import { entryDate } from '../story/entry-date.js';
import { plainLine } from '../story/entry-text.js';
import type { FeedEntry } from './feed-document.js';
import { all, textIn, texts, type XmlElement } from './xml/xml-element.js';

/** Of a date that can not be read, so much is told. */
const TOLD_CHARACTERS = 60;

/** What is a URL stays one; else the outer base. */
export function baseOf(outer: string, ...inner: (string | undefined)[]): string {
  return inner.reduce<string>((base, text) => readBase(text, base) ?? base, outer);
}

/** The first of these dates that can be read; else the first, as it came. */
export function datesOf(said: readonly string[]): Pick<FeedEntry, 'publishedAt' | 'unreadableDate'> {
  for (const text of said) {
    const publishedAt = entryDate(text);
    if (publishedAt) return { publishedAt, unreadableDate: null };
  }
  const told = said[0]?.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').slice(0, TOLD_CHARACTERS);
  return { publishedAt: null, unreadableDate: told ?? null };
}

/** Dates of an entry beside its format's own, best first: when it was published before when it was changed. */
export function otherDates(entry: XmlElement): string[] {
  return [
    ...texts(entry, 'atom', 'published', 'issued'),
    ...texts(entry, 'dcterms', 'issued', 'available', 'created', 'date', 'datesubmitted', 'valid'),
    ...texts(entry, 'dc', 'date', 'created', 'issued'),
    ...texts(entry, 'atom', 'created', 'updated', 'modified'),
    ...texts(entry, 'dcterms', 'modified'),
  ];
}

/** Names in vocabularies that any feed may use. */
export function otherAuthors(entry: XmlElement): string[][] {
  return [
    texts(entry, 'dc', 'creator', 'author'),
    texts(entry, 'dcterms', 'creator'),
    texts(entry, 'itunes', 'author'),
    texts(entry, 'googleplay', 'author'),
    mediaHoldersIn(entry)
      .flatMap((holder) => all(holder, 'media', 'credit'))
      .filter(({ attributes }) => attributes.get('role')?.trim().toLowerCase() === 'author')
      .map(textIn),
  ];
}

/** Of an entry; more are no topics. */
export const MAX_CATEGORIES = 100;

/** Lines of text: some escape them once too often. */
export function categoriesIn(said: readonly string[]): string[] {
  return said
    .filter((text) => text.trim() !== '')
    .slice(0, MAX_CATEGORIES)
    .map((text) => plainLine(text))
    .filter((line) => line !== '');
}

/** RFC 4287 §4.2.2, or a name as text. */
export function atomCategories(entry: XmlElement): string[] {
  const own = all(entry, 'atom', 'category').flatMap(({ attributes }) => [
    attributes.get('term') ?? '',
    attributes.get('label') ?? '',
  ]);
  return [...own, ...texts(entry, 'atom', 'category')];
}

/** What an entry is about, in vocabularies that any feed may use. */
export function otherCategories(entry: XmlElement): string[] {
  const media = mediaHoldersIn(entry);
  return [
    ...texts(entry, 'dc', 'subject'),
    ...texts(entry, 'dcterms', 'subject'),
    ...media
      .flatMap((holder) => all(holder, 'media', 'category'))
      .flatMap((one) => [textIn(one), one.attributes.get('label') ?? '']),
    ...all(entry, 'itunes', 'category').flatMap((one) =>
      [one, ...all(one, 'itunes', 'category')].map(({ attributes }) => attributes.get('text') ?? ''),
    ),
    ...[
      ...all(entry, 'itunes', 'keywords'),
      ...media.flatMap((holder) => all(holder, 'media', 'keywords')),
    ].flatMap((one) => [...textIn(one).split(','), one.attributes.get('text') ?? '']),
  ];
}

/** Where Media RSS puts what it says of an entry. */
function mediaHoldersIn(entry: XmlElement): XmlElement[] {
  const holders = [entry, ...all(entry, 'media', 'group')];
  return [...holders, ...holders.flatMap((holder) => all(holder, 'media', 'content'))];
}

/** RFC 4287 §3.2, or a name as plain text. */
export function personIn(element: XmlElement): string {
  const parts = ['name', 'email', 'uri', 'url', 'homepage'];
  const isPerson = [...all(element, 'atom', ...parts), ...all(element, 'rss', ...parts)].length > 0;
  const [name] = [...texts(element, 'atom', 'name'), ...texts(element, 'rss', 'name')];
  return isPerson ? (name ?? '') : textIn(element);
}
