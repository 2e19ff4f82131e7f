import type { AtomFeed } from 'feedsmith';
import { canonicalUrl } from './canonical-url.js';
import { entryDate } from './entry-date.js';
import { plainLine, wordsOf } from './entry-text.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { baseOf, personOf } from './from-rss.js';
import { pictureOf } from './picture.js';

type AtomEntry = NonNullable<AtomFeed.Feed<string>['entries']>[number];
type AtomText = { value?: string; type?: string } | undefined;

/** RFC 4287. */
export function atomDocument(feed: AtomFeed.Feed<string>, url: string): FeedDocument {
  const base = baseOf(url, feed.xml?.base);
  return {
    title: lineOf(feed.title),
    entries: (feed.entries ?? []).map((entry) => atomEntry(entry, base, feed.authors?.[0]?.name)),
  };
}

function atomEntry(entry: AtomEntry, feedBase: string, feedAuthor: string | undefined): FeedEntry {
  const base = baseOf(feedBase, entry.xml?.base);
  const links = entry.links ?? [];
  const isPage = ({ rel }: { rel?: string }) => rel === undefined || rel === 'alternate';
  // Several alternates: the one for people is HTML.
  const page = links.find((link) => isPage(link) && /html/.test(link.type ?? 'html')) ?? links.find(isPage);
  const url = canonicalUrl(page?.href, base);
  const enclosures = links.flatMap(({ rel, href, type }) =>
    rel === 'enclosure' && href ? [{ url: href, ...(type === undefined ? {} : { type }) }] : [],
  );
  const content = bodyOf(entry.content);
  const summary = bodyOf(entry.summary);
  return {
    ...{ guid: entry.id?.trim() || null, url, title: lineOf(entry.title), baseUrl: base },
    body: content ?? summary,
    summary:
      content && summary ? (summary.format === 'html' ? summary.source : escape(summary.source)) : null,
    author: plainLine(personOf(entry.authors?.[0]) ?? entry.dc?.creators?.[0] ?? feedAuthor) || null,
    imageUrl: pictureOf(base, entry.media, enclosures),
    categories: (entry.categories ?? []).flatMap(({ term, label }) => [term ?? '', label ?? '']),
    publishedAt: entryDate(entry.published) ?? entryDate(entry.updated) ?? entryDate(entry.dc?.dates?.[0]),
  };
}

const escape = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** §3.1.1: without a type a text is a text, and every character of it counts. */
function lineOf(text: AtomText): string {
  const isText = text?.type === undefined || text.type === 'text';
  return isText ? wordsOf(text?.value ?? '') : plainLine(text.value);
}

/** §4.1.3: content of another kind, such as a picture in base64, is none for a mail. */
function bodyOf(text: AtomText): FeedEntry['body'] {
  const source = text?.value?.trim();
  if (!source) return null;
  switch (text?.type) {
    case undefined:
    case 'text':
    case 'text/plain':
      return { source, format: 'text' };
    case 'html':
    case 'xhtml':
    case 'text/html':
    case 'application/xhtml+xml':
      return { source, format: 'html' };
    default:
      return null;
  }
}
