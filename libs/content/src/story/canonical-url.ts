import { readUrl } from '#kernel/input/read-url.js';

/** What newsletters, feeds and advertisements hang on to a URL to count by: the same story without it. */
const TRACKING = /^(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|yclid|_hsenc|_hsmi)$/i;
/** Escaped once too often, as in CDATA. */
const ESCAPED_AMPERSAND = /&(?:amp|#0{0,3}38|#x26);/gi;
/** A URL without its protocol. */
const HOST = /^www\.[^\s/?#]+\.[a-z]{2,}(?:[:/?#]|$)/i;
const MAX_URL = 2_000;

/**
 * The URL that stands for a story: absolute, http or https, without fragment, tracking and credentials.
 * @returns null when there is none
 */
export function canonicalUrl(text: string | null | undefined, base?: string): string | null {
  const said = text?.trim().replace(ESCAPED_AMPERSAND, '&') ?? '';
  const clean = HOST.test(said) ? `//${said}` : said;
  const url = clean === '' ? null : readUrl(clean, base);
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  const counted = [...url.searchParams.keys()].filter((name) => TRACKING.test(name));
  for (const name of counted) url.searchParams.delete(name);
  return url.href.length <= MAX_URL ? url.href : null;
}
