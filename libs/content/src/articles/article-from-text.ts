import { normaliseText, paragraphsOf } from '../story/plain-text.js';
import { titleOfSentence } from '../story/summary.js';

/** Headlines are shorter; a first line beyond this is the story's lead. */
const HEADLINE_CHARACTERS = 120;
const SENTENCE_END = /[.!?…:;,][”’"'»)\]]*$/u;

/**
 * Finds the title of a plain text, for callers that have only a file.
 *
 * A short first line without a final full stop is a headline, and leaves the body. Otherwise the first line is the
 * story's lead: the title is made from its first sentence and the body stays whole.
 * @returns both empty when the text has no words
 */
export function articleFromText(text: string): { title: string; body: string } {
  const clean = normaliseText(text);
  const paragraphs = paragraphsOf(clean);
  const firstLine = clean.trimStart().split('\n', 1)[0]?.trim() ?? '';
  const rest = clean.trimStart().slice(clean.trimStart().indexOf('\n') + 1);
  const hasMore = clean.trimStart().includes('\n') && rest.trim() !== '';
  if (hasMore && Array.from(firstLine).length <= HEADLINE_CHARACTERS && isHeadline(firstLine)) {
    return { title: firstLine, body: rest.trim() };
  }
  return { title: titleOfSentence(paragraphs[0]?.join(' ') ?? ''), body: clean.trim() };
}

/** A question or an exclamation may be a headline; a full stop, a colon or a comma says that the line goes on. */
function isHeadline(line: string): boolean {
  return /[!?][”’"'»)\]]*$/u.test(line) || !SENTENCE_END.test(line);
}
