import { FetchError } from '../fetching/fetch-error.js';
import { ATOM_HOLDERS, atomDocument } from './from-atom.js';
import { jsonDocument } from './from-json.js';
import { RSS_HOLDERS, rssDocument } from './from-rss.js';
import type { FeedDocument } from './feed-document.js';
import { parseJson } from './parse-json.js';
import { readXml, XmlError, type XmlDocument } from './xml/read-xml.js';
import type { XmlElement } from './xml/xml-element.js';

/** What only a web page begins with. */
const PAGE = /<(?:!doctype\s+html|html|head|body|!--)/i;

/**
 * Reads RSS 0.9x to 2.0, RDF, Atom or JSON Feed. To be run in a sandbox.
 * @param url where it came from, which relative links are relative to
 * @throws FetchError `not_a_feed`
 */
export function parseFeedText(text: string, url: string): FeedDocument {
  if (/^[\ufeff\s]*[[{]/.test(text)) {
    const document = jsonDocument(parseJson(text), url);
    if (!document) throw notAFeed();
    return document;
  }
  const document = documentOf(text, url) ?? documentOf(afterWarnings(text), url);
  if (!document) throw notAFeed();
  return document;
}

function documentOf(text: string, url: string): FeedDocument | undefined {
  const xml = xmlOf(text, url);
  // What stands at the top decides: a story may quote a feed of another kind. Some servers' warnings stand before it.
  for (const root of xml.roots) {
    const format = formatOf(root);
    if (!format) continue;
    if (xml.open.some(({ name }) => !format.holders.includes(name))) {
      throw notAFeed(`it breaks off in <${xml.open.at(-1)?.name ?? ''}>`);
    }
    return format.read(root, url);
  }
  return undefined;
}

/**
 * A feed that stands in something without an end, such as a server's warning. Not one that a page quotes: of what is quoted, what
 * it stands in ends after it.
 */
function afterWarnings(text: string): string {
  const at = text.search(/<(?:rss|feed|rdf:RDF)[\s>]/i);
  const feed = at < 0 ? '' : text.slice(at);
  const ends = [...feed.matchAll(/<\/(?:rss|feed|rdf:RDF)\s*>/gi)];
  const rest = feed.slice(ends.at(-1)?.index ?? feed.length);
  const isQuoted = PAGE.test(text.slice(0, Math.max(0, at))) || rest.indexOf('</', 1) >= 0;
  return isQuoted ? '' : feed;
}

function formatOf(root: XmlElement) {
  switch (root.name) {
    case 'rss':
    case 'rdf':
    case 'channel':
      return { read: rssDocument, holders: RSS_HOLDERS };
    case 'feed':
      return { read: atomDocument, holders: ATOM_HOLDERS };
    default:
      return undefined;
  }
}

function xmlOf(text: string, url: string): XmlDocument {
  try {
    return readXml(text, url);
  } catch (error) {
    if (error instanceof XmlError) throw notAFeed(error.message);
    throw error;
  }
}

function notAFeed(why?: string): FetchError {
  const reason = why === undefined ? '' : ` (${why})`;
  return new FetchError('not_a_feed', `This is not a feed: no RSS, Atom, RDF or JSON Feed${reason}.`);
}
