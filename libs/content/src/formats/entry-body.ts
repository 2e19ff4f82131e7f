import { decodeHTMLStrict } from 'entities';
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

/** How HTML begins and ends that was escaped twice. Its end is looked for in so many characters. */
const TWICE_BEGUN =
  /^&lt;(?:p|br|a|div|img|strong|em|b|i|ul|ol|h[1-6]|blockquote|span|table|figure|section|article)(?=[\s/&])/i;
const TWICE_ENDED = /&lt;\/[a-z][a-z\d]{0,20}\s?&gt;$/i;
const TWICE_END_CHARACTERS = 40;

/** A text in which HTML is expected. */
export function htmlOf(element: XmlElement): EntryText | null {
  const html = looseHtmlIn(element);
  return textOrNull(isEscapedTwice(html) ? decodeHTMLStrict(html) : html, 'html', element.base);
}

/** It begins and ends with a tag, and has no other: then they are no words. */
function isEscapedTwice(html: string): boolean {
  return TWICE_BEGUN.test(html) && TWICE_ENDED.test(html.slice(-TWICE_END_CHARACTERS)) && !html.includes('<');
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
    case 'application/octet-stream':
      return decodedOf(element, type);
    default:
      // §4.1.3.3: all of `text/…` is text. What is no media type at all was meant for one of these.
      if (type.includes('html')) return xhtmlContentOf(element);
      if (type.startsWith('text/')) return plainOf(element);
      return type.includes('/') ? null : guessedOf(element);
  }
}

/** §3.1.1.3: what stands in the div. Some write it escaped, as HTML is. */
function xhtmlContentOf(element: XmlElement): EntryText | null {
  const elements = elementsIn(element);
  if (elements.length === 0) return guessedOf(element);
  const [only, ...others] = element.children.filter((node) => typeof node !== 'string' || node.trim() !== '');
  const isWrapped = typeof only === 'object' && only.name === 'div' && others.length === 0;
  const holder = isWrapped ? only : element;
  return textOrNull(htmlIn(holder, true), 'html', holder.base);
}

function plainOf(element: XmlElement): EntryText | null {
  return textOrNull(textIn(element), 'text', element.base);
}

/** Text in base64; null for what is none, such as a picture. */
function decodedOf(element: XmlElement, type: string): EntryText | null {
  const encoded = textIn(element);
  if (!BASE64.test(encoded)) return null;
  const source = Buffer.from(encoded, 'base64').toString('utf8');

  if (/[\ufffd\0-\x08]/.test(source)) return null;
  return textOrNull(source, type === 'text/plain' ? 'text' : 'html', element.base);
}

function textOrNull(source: string, format: 'html' | 'text', base: string | null): EntryText | null {
  const trimmed = source.trim();
  return trimmed === '' ? null : { source: trimmed, format, base };
}

/** A text's words, as far as they are compared. */
function wordsOf({ source, format }: EntryText): string[] {
  const words =
    format === 'text'
      ? source
      : source
          .replace(/<(?:script|style)\b[^<>]*>[^<]*/gi, ' ')
          .replace(/<[^<>]*>/g, ' ')
          .replace(/&#?\w{1,30};/g, ' ');
  return words.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** A text of so much of another's length, with so many of its words, is the same one. */
const SAME = 0.9;

/** An entry has a handful; each is compared with the others. */
const MAX_TEXTS = 50;

/** Texts of an entry, each kind the best first. */
export interface EntryTexts {
  /** What is meant to be the whole. */
  contents: readonly (EntryText | null)[];
  /** What is meant to be a part. */
  summaries: readonly (EntryText | null)[];
  /** What stands beside the story, and counts only where there is no other text: captions. */
  others?: readonly (EntryText | null)[];
}

/**
 * The body and the summary of an entry. The body is the longest text: a whole that is shorter than its part is a picture, or
 * "read more". The summary is the first part that tells something else.
 * @param base of relative links in the text that is the body
 */
export function bodyAndSummary(
  { contents, summaries, others = [] }: EntryTexts,
  base: (text: EntryText | null) => string,
): Pick<FeedEntry, 'body' | 'summary' | 'baseUrl'> {
  const found = [...contents, ...summaries].filter((one) => one !== null).slice(0, MAX_TEXTS);
  const told = found.length > 0 ? found : others.filter((one) => one !== null).slice(0, 1);
  const texts = told.map((text) => ({ text, words: wordsOf(text) }));
  const least = Math.max(0, ...texts.map(({ words }) => words.length)) * SAME;
  const body = texts.find(({ words }) => words.length >= least);
  const known = new Set(body?.words);
  const isSame = (words: readonly string[]) =>
    words.length >= least && words.filter((word) => known.has(word)).length >= words.length * SAME;
  const parts = texts.filter((one) => one !== body && one.words.length > 0 && !isSame(one.words));
  const part = (parts.find(({ text }) => summaries.includes(text)) ?? parts[0])?.text;
  return {
    body: body ? { source: body.text.source, format: body.text.format } : null,
    summary: part ? (part.format === 'html' ? part.source : escaped(part.source)) : null,
    baseUrl: base(body?.text ?? null),
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
