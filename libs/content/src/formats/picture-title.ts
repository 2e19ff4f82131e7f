import { readUrl } from '#kernel/input/read-url.js';
import { plainLine } from '../story/entry-text.js';
import type { FeedEntry } from './feed-document.js';

/** Words of a picture, as sanitised HTML has them. */
const WORDS = /<img\b[^<>]*\b(?:alt|title)="([^"<>]*\p{L}[^"<>]*)"/u;

/**
 * A title for a story that is a picture without words: what the picture says of itself, else the words in the page's URL,
 * else the site's name.
 * @param html sanitised
 * @returns '' when there is no picture
 */
export function titleOfPicture(html: string, { url, baseUrl }: Pick<FeedEntry, 'url' | 'baseUrl'>): string {
  if (!html.includes('<img ')) return '';
  return plainLine(WORDS.exec(html)?.[1]) || wordsOfUrl(url ?? '') || (readUrl(url ?? baseUrl)?.host ?? '');
}

/** `https://post.example/2026/11/evening-at-the-quay.html`: its last words. */
function wordsOfUrl(text: string): string {
  const segments = readUrl(text)?.pathname.split('/').reverse() ?? [];
  const slug = segments.find((segment) => /\p{L}{3}/u.test(decoded(segment))) ?? '';
  const words = decoded(slug)
    .replace(/\.\w{1,5}$/, '')
    .replace(/[-_+\s]+/g, ' ')
    .trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a percent sign of its own
  }
}
