import { renderBody, textOf } from '../body.js';
import { sanitise } from '../sanitise.js';
import { cutAtWord, titleOfSentence } from '../summary.js';
import type { ArticleInput } from '../article.schemas.js';
import type { FeedEntry } from './feed-document.js';

const MAX_TITLE = 300;
const MAX_SUMMARY = 1_000;
const MAX_AUTHOR = 200;
const DAY_MS = 86_400_000;

/** So far back an entry may be dated and still be news: time zones are got wrong, and drafts keep their dates. */
const HISTORY_SLACK_MS = DAY_MS;

/** An entry that was written before the feed was added: history, even if it turns up later. */
export function isHistory(entry: FeedEntry, feedAddedAt: Date): boolean {
  return entry.publishedAt !== null && entry.publishedAt.getTime() < feedAddedAt.getTime() - HISTORY_SLACK_MS;
}

/**
 * What an entry is as an article.
 * @param now for entries without a date, or with one to come
 * @throws DomainError `invalid_input` when the body has more tags than any story
 * @returns null when it has neither words nor a picture
 */
export function articleOfEntry(entry: FeedEntry, topics: string[], now: Date): ArticleInput | null {
  // Made absolute here, since the article's own URL may be another base than the feed's.
  const body = entry.body ? renderBody(entry.body.source, entry.body.format, entry.baseUrl) : null;
  const title = cutAtWord(entry.title || titleOfSentence(body?.text ?? ''), MAX_TITLE);
  if (title === '') return null;
  const asGiven = entry.body?.format === 'text' ? entry.body.source : body?.html;
  const summary = entry.summary ? textOf(sanitise(entry.summary)).replace(/\s+/g, ' ') : '';
  return {
    title,
    // A link with a headline and nothing else.
    body: body?.html ? (asGiven ?? '') : title,
    format: body?.html && entry.body?.format === 'html' ? 'html' : 'text',
    url: entry.url,
    summary: summary === '' ? null : cutAtWord(summary, MAX_SUMMARY),
    author: entry.author ? cutAtWord(entry.author, MAX_AUTHOR) : null,
    imageUrl: entry.imageUrl,
    topics,
    publishedAt: entry.publishedAt && entry.publishedAt < now ? entry.publishedAt : now,
  };
}
