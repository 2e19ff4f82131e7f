import { parseFeed as parse } from 'feedsmith';
import { FetchError } from '../fetching/fetch-error.js';
import { atomDocument } from './from-atom.js';
import { jsonDocument } from './from-json.js';
import { rdfDocument, rssDocument } from './from-rss.js';
import type { FeedDocument } from './feed-document.js';

/** Deeper than any feed. Readers of XML and JSON go down recursively. */
const MAX_JSON_DEPTH = 64;

/**
 * Reads RSS 0.9x to 2.0, RDF, Atom or JSON Feed. To be run in a sandbox.
 * @param url where it came from, which relative links are relative to
 * @throws FetchError `not_a_feed`
 */
export function parseFeedText(text: string, url: string): FeedDocument {
  if (deepest(text) > MAX_JSON_DEPTH) throw notAFeed();
  try {
    const parsed = parse(text);
    switch (parsed.format) {
      case 'rss':
        return rssDocument(parsed.feed, url);
      case 'rdf':
        return rdfDocument(parsed.feed, url);
      case 'atom':
        return atomDocument(parsed.feed, url);
      case 'json':
        return jsonDocument(parsed.feed, url);
    }
  } catch (cause) {
    throw notAFeed(cause);
  }
}

/** How deep a JSON text nests; 0 for what is none. */
function deepest(text: string): number {
  if (!/^\s*[[{]/.test(text)) return 0;
  let depth = 0;
  let most = 0;
  let isQuoted = false;
  // Sign by sign: a regular expression for strings that do not end takes hours, and for long ones too much stack.
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"') isQuoted = !isQuoted;
    else if (isQuoted) at += sign === '\\' ? 1 : 0;
    else if (sign === '[' || sign === '{') most = Math.max(most, ++depth);
    else if (sign === ']' || sign === '}') depth--;
  }
  return most;
}

function notAFeed(cause?: unknown): FetchError {
  const inner = cause instanceof Error ? cause.cause : undefined;
  // The parser quotes the document, and what is told here is stored.
  const told = inner instanceof Error ? inner.message.slice(0, 200).replace(/[\p{Cc}\p{Cs}]/gu, '') : '';
  const reason = told === '' ? '' : ` (${told})`;
  return new FetchError('not_a_feed', `This is not a feed: no RSS, Atom, RDF or JSON Feed${reason}.`, {
    cause,
  });
}
