import type { FeedEntry } from './feed-document.js';
import { escaped, htmlIn, looseHtmlIn } from './xml/markup.js';
import { all, elementsIn, first, textIn, type XmlElement } from './xml/xml-element.js';

/** A text of an entry. */
export interface EntryText {
  source: string;
  format: 'html' | 'text';
  /** By `xml:base`; null: none was said. */
  base: string | null;
}

/** No text is told from markup by more than its beginning. */
const LOOKED_AT = 20_000;
const MARKUP =
  /<(?:\/?(?:p|br|a|div|img|strong|em|b|i|ul|ol|li|h[1-6]|blockquote|span|table|figure)\b)[^<>]*>/i;
const BASE64 = /^[\w+/=\s-]+$/;

/** A text in which HTML is expected. */
export function htmlOf(element: XmlElement): EntryText | null {
  return textOrNull(looseHtmlIn(element), 'html', element.base);
}

/** A text in which HTML is not expected, but often found. */
export function guessedOf(element: XmlElement): EntryText | null {
  const isPlain = elementsIn(element).length === 0 && !MARKUP.test(textIn(element).slice(0, LOOKED_AT));
  return isPlain ? textOrNull(textIn(element), 'text', element.base) : htmlOf(element);
}

/** XHTML's own elements within an entry, as some RSS has them. */
export function xhtmlOf(element: XmlElement): EntryText | null {
  return textOrNull(htmlIn(element, true), 'html', element.base);
}

/** Media RSS: its texts are plain unless said. */
export function mediaTextOf(element: XmlElement): EntryText | null {
  return element.attributes.get('type') === 'html' ? htmlOf(element) : guessedOf(element);
}

/**
 * RFC 4287 §3.1 and §4.1.3, and Atom 0.3 with its `mode`. Content of another kind, such as a picture, is none for a mail.
 */
export function atomTextOf(element: XmlElement): EntryText | null {
  const type = element.attributes.get('type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  const mode = element.attributes.get('mode')?.trim().toLowerCase();
  if (mode === 'base64') return decodedOf(element, type);
  if (mode === 'escaped') return type === 'text/plain' ? plainOf(element) : htmlOf(element);
  switch (type) {
    case '':
      return guessedOf(element);
    case 'text':
    case 'text/plain':
      return elementsIn(element).length === 0 ? plainOf(element) : htmlOf(element);
    case 'html':
    case 'text/html':
      return htmlOf(element);
    case 'xhtml':
    case 'application/xhtml+xml':
    case 'application/xml':
    case 'text/xml':
      return xhtmlContentOf(element);
    default:
      return null;
  }
}

/** §3.1.1.3: what stands in the div. Some write it escaped, as HTML is. */
function xhtmlContentOf(element: XmlElement): EntryText | null {
  const elements = elementsIn(element);
  if (elements.length === 0) return guessedOf(element);
  const [only] = elements;
  const isWrapped = elements.length === 1 && only?.name === 'div';
  const holder = isWrapped && only ? only : element;
  return textOrNull(htmlIn(holder, true), 'html', holder.base);
}

function plainOf(element: XmlElement): EntryText | null {
  return textOrNull(textIn(element), 'text', element.base);
}

function decodedOf(element: XmlElement, type: string): EntryText | null {
  const encoded = textIn(element);
  if (!/^(?:text\/|application\/xhtml)/.test(type) || !BASE64.test(encoded)) return null;
  const source = Buffer.from(encoded, 'base64').toString('utf8');
  return textOrNull(source, type === 'text/plain' ? 'text' : 'html', element.base);
}

function textOrNull(source: string, format: 'html' | 'text', base: string | null): EntryText | null {
  const trimmed = source.trim();
  return trimmed === '' ? null : { source: trimmed, format, base };
}

/** How many characters of words a text has, about. */
function wordsIn({ source, format }: EntryText): number {
  const words = format === 'text' ? source : source.replace(/<[^<>]*>/g, ' ').replace(/&\w+;/g, ' ');
  return words.replace(/\s+/g, ' ').length;
}

/**
 * The body and the summary of an entry.
 * @param contents what is meant to be the whole
 * @param summaries what is meant to be a part, best first; without a whole the first of them is the body
 */
export function bodyAndSummary(
  contents: readonly (EntryText | null)[],
  summaries: readonly (EntryText | null)[],
  base: (text: EntryText | null) => string,
): Pick<FeedEntry, 'body' | 'summary' | 'baseUrl'> {
  const whole = contents.filter((one) => one !== null).sort((a, b) => wordsIn(b) - wordsIn(a))[0];
  const part = summaries.find((one) => one !== null) ?? null;
  // A whole that is shorter than its part is a picture, or "read more".
  const [body, other] =
    whole && part && wordsIn(part) > wordsIn(whole) ? [part, whole] : [whole ?? part, part];
  const hasSummary = body && other && body !== other && body.source !== other.source;
  return {
    body: body && { source: body.source, format: body.format },
    summary: hasSummary ? (other.format === 'html' ? other.source : escaped(other.source)) : null,
    baseUrl: base(body),
  };
}

/** All texts of Media RSS in an entry, also within its groups. */
export function mediaTexts(entry: XmlElement): XmlElement[] {
  const holders = [entry, ...all(entry, 'media', 'group', 'content')];
  const inner = holders.flatMap((holder) => all(holder, 'media', 'content'));
  return [...new Set([...holders, ...inner])].flatMap((holder) => {
    const text = first(holder, 'media', 'description') ?? first(holder, 'media', 'text');
    return text ? [text] : [];
  });
}
