import { FetchError } from '../fetching/fetch-error.js';
import { ATOM_HOLDERS, atomDocument } from './from-atom.js';
import { jsonDocument } from './from-json.js';
import { RSS_HOLDERS, rssDocument } from './from-rss.js';
import type { FeedDocument } from './feed-document.js';
import { parseJson } from './parse-json.js';
import { readXml, XmlError, type XmlDocument } from './xml/read-xml.js';
import type { XmlElement } from './xml/xml-element.js';

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
  throw notAFeed();
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
