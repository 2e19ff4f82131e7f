import type { RdfFeed, RssFeed } from 'feedsmith';
import { readUrl } from '#kernel/read-url.js';
import { canonicalUrl } from './canonical-url.js';
import { entryDate } from './entry-date.js';
import type { FeedDocument, FeedEntry } from './feed-document.js';
import { plainLine } from './entry-text.js';
import { pictureOf } from './picture.js';

type RssItem = NonNullable<RssFeed.Feed<string>['items']>[number];
type RdfItem = NonNullable<RdfFeed.Feed<string>['items']>[number];

/** What is a URL stays one; else the outer base. */
export function baseOf(outer: string, ...inner: (string | undefined)[]): string {
  return inner.reduce<string>((base, text) => (text && readUrl(text, base)?.href) || base, outer);
}

/** RSS 0.9x, 1.x and 2.0. */
export function rssDocument(feed: RssFeed.Feed<string>, url: string): FeedDocument {
  // Links relative to what? To xml:base, else to the site.
  const base = baseOf(url, feed.link, feed.xml?.base);
  return { title: plainLine(feed.title), entries: (feed.items ?? []).map((item) => rssEntry(item, base)) };
}

function rssEntry(item: RssItem, feedBase: string): FeedEntry {
  const base = baseOf(feedBase, item.xml?.base);
  const guid = item.guid?.value?.trim();
  const permaLink = item.guid?.isPermaLink !== false && /^https?:/i.test(guid ?? '') ? guid : undefined;
  const url = canonicalUrl(item.link, base) ?? canonicalUrl(permaLink);
  const media = item.media;
  return {
    ...storyOf(item.title, item.content?.encoded, item.description),
    ...{ guid: guid || null, url, baseUrl: url ?? base },
    author: plainLine(item.dc?.creators?.[0] ?? personOf(item.authors?.[0]) ?? item.itunes?.author) || null,
    imageUrl: pictureOf(base, media, item.enclosures, item.itunes?.image),
    categories: [...(item.categories ?? []).map(({ name }) => name ?? ''), ...(item.dc?.subjects ?? [])],
    publishedAt: entryDate(item.pubDate) ?? entryDate(item.dc?.dates?.[0]) ?? entryDate(item.atom?.published),
  };
}

/** RSS 0.90 and 1.0, which are RDF. */
export function rdfDocument(feed: RdfFeed.Feed<string>, url: string): FeedDocument {
  const base = baseOf(url, feed.link, feed.xml?.base);
  return { title: plainLine(feed.title), entries: (feed.items ?? []).map((item) => rdfEntry(item, base)) };
}

function rdfEntry(item: RdfItem, feedBase: string): FeedEntry {
  const base = baseOf(feedBase, item.xml?.base);
  const about = item.rdf?.about;
  const url = canonicalUrl(item.link, base) ?? canonicalUrl(about, base);
  return {
    ...storyOf(item.title, item.content?.encoded, item.description),
    ...{ guid: about ?? null, url, baseUrl: url ?? base },
    author: plainLine(item.dc?.creators?.[0]) || null,
    imageUrl: pictureOf(base, item.media),
    categories: item.dc?.subjects ?? [],
    publishedAt: entryDate(item.dc?.dates?.[0]),
  };
}

/** The long text is the body, and then the short one the summary. */
function storyOf(title: string | undefined, content: string | undefined, description: string | undefined) {
  const long = content?.trim();
  const short = description?.trim();
  const source = long || short;
  return {
    title: plainLine(title),
    body: source ? { source, format: 'html' as const } : null,
    summary: long && short && short !== long ? short : null,
  };
}

/** RSS wants `jo@example.org (Jo Reed)`; the name is what matters, and an address is nobody's business. */
export function personOf(author: unknown): string | undefined {
  const text = typeof author === 'string' ? author : ((author as { name?: string } | undefined)?.name ?? '');
  const named = /^\S+@\S+\s*\((.+)\)\s*$/.exec(text)?.[1] ?? text.replace(/<[^<>]*@[^<>]*>/g, '').trim();
  return /^\S+@\S+$/.test(named) ? undefined : named;
}
