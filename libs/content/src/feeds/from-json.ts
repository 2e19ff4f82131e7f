import type { JsonFeed } from 'feedsmith';
import { canonicalUrl } from './canonical-url.js';
import { entryDate } from './entry-date.js';
import { plainLine } from './entry-text.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { baseOf, personOf } from './from-rss.js';
import { pictureOf } from './picture.js';

type JsonItem = NonNullable<JsonFeed.Feed<string>['items']>[number];

/** JSON Feed 1.0 and 1.1. */
export function jsonDocument(feed: JsonFeed.Feed<string>, url: string): FeedDocument {
  const base = baseOf(url, feed.home_page_url);
  return { title: plainLine(feed.title), entries: (feed.items ?? []).map((item) => jsonEntry(item, base)) };
}

function jsonEntry(item: JsonItem, base: string): FeedEntry {
  const url = canonicalUrl(item.url ?? item.external_url, base);
  const html = item.content_html?.trim();
  const text = item.content_text?.trim();
  const enclosures = (item.attachments ?? []).map(({ url: href, mime_type: type }) => ({
    ...(href === undefined ? {} : { url: href }),
    ...(type === undefined ? {} : { type }),
  }));
  const summary = item.summary?.trim();
  return {
    ...{ guid: item.id?.trim() || null, url, title: plainLine(item.title), baseUrl: url ?? base },
    body: html ? { source: html, format: 'html' } : text ? { source: text, format: 'text' } : null,
    summary: summary ? summary.replaceAll('&', '&amp;').replaceAll('<', '&lt;') : null,
    author: plainLine(personOf(item.authors?.[0])) || null,
    imageUrl: pictureOf(base, undefined, enclosures, item.image, item.banner_image),
    categories: item.tags ?? [],
    publishedAt: entryDate(item.date_published) ?? entryDate(item.date_modified),
  };
}
