import type { BodyFormat } from '../story/body.js';
import { renderBody, textOf } from '../story/body.js';
import { sanitise } from '../story/sanitise.js';
import { cutAtWord, titleOfSentence } from '../story/summary.js';
import { titleOfPicture } from '../formats/picture-title.js';
import { escaped } from '../formats/xml/markup.js';
import type { FeedEntry } from '../formats/feed-document.js';

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
  const given = entry.body ?? pictureOnly(entry);
  const body = given ? renderBody(given.source, given.format, entry.baseUrl) : null;
  const summary = entry.summary ? textOf(sanitise(entry.summary)).replace(/\s+/g, ' ') : '';
  const words = titleOfSentence(body?.text ?? '') || titleOfSentence(summary);
  const title = cutAtWord(entry.title || words || titleOfPicture(body?.html ?? '', entry), MAX_TITLE);
  if (title === '') return null;
  const asGiven = given?.format === 'text' ? given.source : body?.html;
  return {
    title,
    // A link with a headline and nothing else.
    body: body?.html ? (asGiven ?? '') : title,
    format: body?.html && given?.format === 'html' ? 'html' : 'text',
    summary: summary === '' ? null : cutAtWord(summary, MAX_SUMMARY),
    author: entry.author ? cutAtWord(entry.author, MAX_AUTHOR) : null,
  };
}

/** An entry that is a picture and nothing else. */
function pictureOnly({ title, imageUrl }: FeedEntry): FeedEntry['body'] {
  if (title !== '' || imageUrl === null) return null;
  return { source: `<img src="${escaped(imageUrl).replaceAll('"', '&quot;')}">`, format: 'html' };
}
