import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';
import { readBase } from '../story/base-url.js';
import { canonicalUrl } from '../story/canonical-url.js';
import { entryDate } from '../story/entry-date.js';
import { plainLine } from '../story/entry-text.js';
import { bylineOf } from '../formats/person.js';
import { FetchError } from '../fetching/fetch-error.js';
import { withoutNoscript } from '../story/lazy-pictures.js';
import { structuredData } from './structured-data.js';

/** What a page tells of its story. */
export interface PageStory {
  /** Canonical. */
  url: string;
  title: string;
  /** HTML; its links are relative to `baseUrl`. */
  html: string;
  baseUrl: string;
  summary: string | null;
  author: string | null;
  imageUrl: string | null;
  publishedAt: Date | null;
}

/** Elements; the largest news pages have a third of it. Beyond, reading takes longer than anyone waits. */
const MAX_ELEMENTS = 20_000;
/** Readability's time grows with the square of the depth: 15,000 levels take a minute, these a third of a second. */
const MAX_DEPTH = 400;

interface PageElement {
  getAttribute(name: string): string | null;
  textContent: string | null;
  readonly children: Iterable<PageElement>;
}
interface Page {
  querySelector(selector: string): PageElement | null;
  querySelectorAll(selector: string): Iterable<PageElement>;
  readonly children: Iterable<PageElement>;
}

/**
 * Finds the story in a web page: its text by Readability; title, author, picture, date and canonical URL by JSON-LD and
 * Open Graph, where the page has them. To be run in a sandbox.
 * @param url where the page came from
 * @throws FetchError `no_article`
 */
export function storyOfPage(html: string, url: string): PageStory {
  if (html.split('<', MAX_ELEMENTS * 2 + 1).length > MAX_ELEMENTS * 2)
    throw noArticle('The page is too large to be read.');
  const page = (parseHTML(withoutNoscript(html)) as unknown as { document: Page }).document;
  if (isDeeper(page)) throw noArticle('The page is nested too deeply to be read.');
  const told = structuredData(
    [...page.querySelectorAll('script[type="application/ld+json"]')].map((one) => one.textContent ?? ''),
  );
  const meta = (...names: string[]) => firstMeta(page, names);
  const attribute = (selector: string, name: string) =>
    page.querySelector(selector)?.getAttribute(name) ?? undefined;
  const baseUrl = readBase(attribute('base[href]', 'href'), url) ?? url;
  // Read before Readability, which takes the page apart.
  const head = {
    url:
      canonicalUrl(attribute('link[rel~="canonical"]', 'href'), baseUrl) ??
      canonicalUrl(meta('og:url'), baseUrl) ??
      canonicalUrl(url),
    title: told.headline ?? meta('og:title', 'twitter:title'),
    summary: meta('og:description', 'description') ?? told.description,
    author: told.author ?? meta('author', 'article:author', 'parsely-author'),
    image: canonicalUrl(meta('og:image:secure_url', 'og:image', 'twitter:image') ?? told.image, baseUrl),
    date:
      told.date ??
      meta('article:published_time', 'date', 'dc.date') ??
      attribute('time[datetime]', 'datetime'),
  };
  const read = readable(page);
  const title = plainLine(head.title) || plainLine(read?.title ?? '');
  if (!read?.content?.trim() || title === '' || !head.url)
    throw noArticle('No article was found on this page.');
  return {
    url: head.url,
    title,
    html: read.content,
    baseUrl,
    imageUrl: head.image,
    summary: plainLine(head.summary) || null,
    // Some sites give the author's page, which is no name.
    author: bylineOf([head.author], [read.byline ?? '']),
    publishedAt: entryDate(head.date ?? read.publishedTime ?? undefined),
  };
}

/** Level by level, since going down recursively is what such a page is made to break. */
function isDeeper(page: Page): boolean {
  let level = [...page.children];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) return true;
    level = level.flatMap((element) => [...element.children]);
  }
  return false;
}

function readable(page: Page) {
  try {
    return new Readability(page, { maxElemsToParse: MAX_ELEMENTS, disableJSONLD: true }).parse();
  } catch (cause) {
    throw noArticle('No article was found on this page.', cause);
  }
}

function firstMeta(page: Page, names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = page.querySelector(`meta[property="${name}"], meta[name="${name}"]`);
    const content = found?.getAttribute('content')?.trim();
    if (content) return content;
  }
  return undefined;
}

function noArticle(message: string, cause?: unknown): FetchError {
  return new FetchError('no_article', message, { cause });
}
