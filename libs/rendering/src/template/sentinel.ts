import { randomInt } from 'node:crypto';

/**
 * A sentinel stands in a compiled text for something put there later: `Xq‹nonce›X‹name›‹index›Xq`. Letters and
 * digits only, so neither Liquid's escaping nor MJML nor a URL attribute changes it. The nonce is drawn after the
 * articles are known, so no article can contain it.
 */
const NONCE_LENGTH = 24; // base 36: 124 bits
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyz';
const SENTINEL = /Xq([0-9a-z]{24})X([A-WYZa-z]+)(\d*)Xq/g;

export interface Sentinel {
  name: string;
  /** Which of several, as for article bodies; 0 when there is only one. */
  index: number;
}

/** @returns a nonce for one compile. */
export function newNonce(): string {
  return Array.from({ length: NONCE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

/** @returns the text of a sentinel. The name may not hold an `X`. */
export function sentinel(nonce: string, name: string, index?: number): string {
  return `Xq${nonce}X${name}${index ?? ''}Xq`;
}

/**
 * Cuts a text at the sentinels of the given nonce and names.
 * @returns strings and sentinels in order; sentinels of another nonce or name stay text
 */
export function splitAtSentinels(
  text: string,
  wanted: (nonce: string, name: string) => boolean,
): (string | Sentinel)[] {
  const parts: (string | Sentinel)[] = [];
  let from = 0;
  for (const match of text.matchAll(SENTINEL)) {
    const [all, nonce = '', name = '', index = ''] = match;
    if (!wanted(nonce, name)) continue;
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ name, index: Number(index) });
    from = match.index + all.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/**
 * Makes everything that merely looks like a sentinel harmless: an article may quote one from an older mail. In HTML
 * its first letter becomes a character reference, which reads the same; in text a word joiner (U+2060) breaks it.
 */
export function sealForeign(text: string, nonce: string, kind: 'html' | 'text'): string {
  return text.replace(SENTINEL, (all, itsNonce: string) => {
    if (itsNonce === nonce) return all;
    return kind === 'html' ? `&#88;${all.slice(1)}` : `X\u2060${all.slice(1)}`;
  });
}

/** The text as it reads: sentinels as `{{ name }}`. */
export function readable(text: string): string {
  const parts = splitAtSentinels(text, () => true);
  return parts.map((part) => (typeof part === 'string' ? part : `{{ ${part.name} }}`)).join('');
}

/** The text with the same nonce in all its sentinels, so that what two compiles made can be compared. */
export function withoutNonces(text: string): string {
  return text.replace(SENTINEL, 'XqX$2$3Xq');
}
