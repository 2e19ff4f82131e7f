import type { BodyFormat } from '../body.js';
import { renderBody, textOf } from '../body.js';
import { sanitise } from '../sanitise.js';
import { cutAtWord, titleOfSentence } from '../summary.js';
import type { FeedEntry } from './feed-document.js';

const MAX_TITLE = 300;
const MAX_SUMMARY = 1_000;
const MAX_AUTHOR = 200;

/** What an entry says, as an article has it. */
export interface EntryStory {
  title: string;
  body: string;
  format: BodyFormat;
  summary: string | null;
  author: string | null;
}

/**
 * Makes the story of an entry. To be run in a sandbox.
 * @throws DomainError `invalid_input` when the body has more tags than any story
 * @returns null when it has neither words nor a picture
 */
export function entryStory(entry: FeedEntry): EntryStory | null {
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
    summary: summary === '' ? null : cutAtWord(summary, MAX_SUMMARY),
    author: entry.author ? cutAtWord(entry.author, MAX_AUTHOR) : null,
  };
}
