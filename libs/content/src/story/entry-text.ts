import { textOf } from './body.js';
import { sanitise } from './sanitise.js';

/** Elements that people put into headlines. Anything else in angle brackets is what the headline says. */
const MARKUP =
  /<\/?(?:a|abbr|b|big|br|cite|code|div|em|font|h[1-6]|i|img|mark|p|q|s|script|small|span|strong|style|sub|sup|u|wbr)\b[^<>]*>/i;
/** Others of HTML are markup where they are used, not spoken of: with an attribute, or with an end. */
const OTHERS =
  'acronym|applet|article|aside|audio|bdi|bdo|blink|blockquote|button|center|dd|del|details|dfn|dl|dt|embed|figcaption|figure|footer|frame|frameset|header|iframe|ins|kbd|label|li|link|main|mark|marquee|math|meta|nobr|object|ol|path|picture|pre|rp|rt|ruby|samp|section|source|strike|svg|table|tbody|td|th|time|tr|tt|ul|var|video';
const USED = new RegExp(`<(?:${OTHERS})\\s[^<>=]*=[^<>]*>|<(${OTHERS})>[^<>]*</\\1\\s*>`, 'i');
const ENTITY = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,30});/i;

const isMarkup = (text: string) => MARKUP.test(text) || USED.test(text);

/**
 * One line of words from a field that may hold HTML, or HTML that was escaped once too often.
 * @param limit characters that are looked at; more is no headline
 */
export function plainLine(text: string | undefined, limit = 5_000): string {
  let words = (text ?? '').slice(0, limit);
  for (let depth = 0; depth < 2 && (isMarkup(words) || ENTITY.test(words)); depth++) {
    words = textOf(isMarkup(words) ? sanitise(words) : words.replaceAll('<', '&lt;'));
  }
  return wordsOf(words);
}

/** Embeddings, overrides and isolates: one that is not closed turns round our own words after it. */
const DIRECTIONS = /[\u202a-\u202e\u2066-\u2069]/g;

/** One line of a text that is known to hold no markup. */
export function wordsOf(text: string): string {
  return text
    .replace(DIRECTIONS, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}
