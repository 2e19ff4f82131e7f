import { textOf } from './body.js';

/** Two or three lines under a headline, and about what search engines and link previews show. */
const SUMMARY_CHARACTERS = 280;
/** A summary of one short word ("Breaking.") says nothing: then the next sentence is begun. */
const MEAGRE_CHARACTERS = 80;
/** Longest title made from a sentence. */
const TITLE_CHARACTERS = 100;

/** No more of a text is read for a summary or a title: looking for sentences takes the square of the length. */
const READ_CHARACTERS = 4_000;

/** What stands between paragraphs but is not told. */
const NOT_PROSE = ['h2', 'h3', 'h4', 'figure', 'table', 'pre', 'hr'];
/** A full stop after these ends no sentence. */
const ABBREVIATION =
  /(?:^|[\s(“"'])(?:\p{Lu}|Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|No|vs|approx|Gen|Col|Capt|Lt|Sen|Rep|Gov|e\.g|i\.e|z\.B|bzw|Nr|ca)\.\s*$/u;

/** How plain text shows quotations and lists; in a running summary they are litter. */
const LINE_MARKS = /^(?:[ \t]*(?:>|[-*•]|\d{1,3}\.)[ \t]+)+/gm;

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Sentences with the white space after them; abbreviations end none. */
function sentencesOf(text: string): string[] {
  const out: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const previous = out.at(-1);
    if (previous !== undefined && ABBREVIATION.test(previous)) out[out.length - 1] = previous + segment;
    else out.push(segment);
  }
  return out;
}

/** Cuts at the end of a word and adds `…`, which counts. A word longer than the limit is cut within. */
export function cutAtWord(text: string, limit: number): string {
  const characters = Array.from(text);
  if (characters.length <= limit) return text;
  const room = characters.slice(0, limit - 1).join('');
  const boundary = /[\s\u3000]/.test(characters[limit - 1] ?? '') ? room : room.replace(/\s\S*$/u, '');
  return `${
    boundary
      .trimEnd()
      .replace(/[,;:–—-]+$/u, '')
      .trimEnd() || room
  }…`;
}

/**
 * The first sentences of a story, up to about 280 characters, ended at a sentence if that leaves enough and else at a
 * word. Headings, pictures' captions, tables and code are passed over.
 * @param html sanitised
 */
export function summaryOf(html: string): string {
  const prose = (textOf(html, NOT_PROSE) || textOf(html))
    .slice(0, READ_CHARACTERS)
    .replace(LINE_MARKS, '')
    .replace(/[ \t\n]+/g, ' ')
    .trim();
  let summary = '';
  for (const sentence of sentencesOf(prose)) {
    const longer = summary + sentence;
    if (Array.from(longer.trimEnd()).length > SUMMARY_CHARACTERS) {
      return summary.length >= MEAGRE_CHARACTERS ? summary.trimEnd() : cutAtWord(longer, SUMMARY_CHARACTERS);
    }
    summary = longer;
  }
  return summary.trimEnd();
}

/** A headline made of the first sentence of a text. */
export function titleOfSentence(text: string): string {
  const [first = ''] = sentencesOf(text.slice(0, READ_CHARACTERS).replace(/\s+/g, ' ').trim());
  return cutAtWord(first.trim().replace(/(?<![.…])\.$/u, ''), TITLE_CHARACTERS);
}
