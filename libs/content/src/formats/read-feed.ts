import { parseHTML } from 'linkedom';
import { readUrl } from '#kernel/input/read-url.js';
import { FetchError } from '../fetching/fetch-error.js';
import type { FeedDocument } from './feed-document.js';
import { parseFeedText } from './parse-feed.js';

/** Where a web page names its feeds: in its head. */
const HEAD_CHARACTERS = 200_000;

/**
 * Reads a feed; of a web page it tells which feed that names.
 * @param url where it came from
 * @throws FetchError `not_a_feed`
 */
export function readFeed(text: string, url: string): FeedDocument {
  try {
    return parseFeedText(text, url);
  } catch (error) {
    const hint = /<html|<!doctype html/i.test(text.slice(0, 2_000)) ? feedNamedBy(text, url) : null;
    if (!hint) throw error;
    throw new FetchError('not_a_feed', `This is a web page. Its feed is ${hint}`, { cause: error });
  }
}

/** The feed that a web page names. */
function feedNamedBy(html: string, url: string): string | null {
  const { document } = parseHTML(html.slice(0, HEAD_CHARACTERS)) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<{ getAttribute(name: string): string | null }> };
  };
  for (const link of document.querySelectorAll('link[rel~="alternate"]')) {
    const href = link.getAttribute('href') ?? '';
    if (!/^application\/(?:rss\+xml|atom\+xml|feed\+json)/i.test(link.getAttribute('type') ?? '')) continue;
    const found = readUrl(href, url);
    if (found) return found.href;
  }
  return null;
}
