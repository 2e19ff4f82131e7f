import { canonicalUrl } from '../story/canonical-url.js';
import { baseOf, categoriesIn, datesOf } from './entry-fields.js';
import { plainLine } from '../story/entry-text.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { bylineOf } from './person.js';
import { firstPicture } from './picture.js';
import { readEach } from './read-each.js';
import { escaped } from './xml/markup.js';

type Json = Record<string, unknown>;

/**
 * JSON Feed 1.0 and 1.1. What is not of the kind that it should be is passed over.
 * @param url where it came from
 * @returns null: it is JSON, but no feed
 */
export function jsonDocument(value: unknown, url: string): FeedDocument | null {
  if (!isObject(value) || !Array.isArray(value.items)) return null;
  const isSaid = textOf(value.version)?.toLowerCase().includes('jsonfeed') ?? false;
  if (!isSaid && textOf(value.title) === undefined) return null;
  const base = baseOf(url, textOf(value.home_page_url));
  const authors = authorsOf(value);
  const items = (value.items as unknown[]).filter(isObject);
  return {
    title: plainLine(textOf(value.title)),
    ...readEach(items, (item) => jsonEntry(item, base, authors)),
  };
}

function jsonEntry(item: Json, base: string, feedAuthors: string[]): FeedEntry {
  const id = textOf(item.id);
  // An id is to be the story's URL where that is known.
  const page = textOf(item.url) ?? textOf(item.external_url) ?? (/^https?:/i.test(id ?? '') ? id : undefined);
  const url = canonicalUrl(page, base) ?? canonicalUrl(textOf(item.external_url), base);
  const html = textOf(item.content_html);
  const text = textOf(item.content_text);
  const summary = textOf(item.summary);
  const body: FeedEntry['body'] = html
    ? { source: html, format: 'html' }
    : text
      ? { source: text, format: 'text' }
      : summary
        ? { source: summary, format: 'text' }
        : null;
  const attached = objectsIn(item.attachments).map((one) => ({
    url: textOf(one.url),
    type: textOf(one.mime_type),
  }));
  return {
    guid: id ?? null,
    url,
    title: plainLine(textOf(item.title)),
    baseUrl: url ?? base,
    body,
    summary: summary && body?.source !== summary ? escaped(summary) : null,
    author: bylineOf(authorsOf(item), feedAuthors),
    imageUrl:
      firstPicture(base, [], [textOf(item.image)]) ??
      firstPicture(base, attached, [textOf(item.banner_image)]),
    categories: categoriesIn(
      (Array.isArray(item.tags) ? (item.tags as unknown[]) : []).flatMap((tag) => textOf(tag) ?? []),
    ),
    ...datesOf(
      [textOf(item.date_published), textOf(item.date_modified)].filter((date) => date !== undefined),
    ),
  };
}

/** 1.1 has `authors`, 1.0 has `author`. */
function authorsOf(value: Json): string[] {
  const people = [value.authors, value.author].flatMap((one) =>
    Array.isArray(one) ? (one as unknown[]) : [one],
  );
  return people.flatMap((one) => textOf(isObject(one) ? one.name : one) ?? []);
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function objectsIn(value: unknown): Json[] {
  return (Array.isArray(value) ? (value as unknown[]) : []).filter(isObject);
}

/** Numbers are taken for texts: ids are often so. */
function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}
