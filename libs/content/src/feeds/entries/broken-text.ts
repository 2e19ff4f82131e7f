import { indexWithin } from './index-within.js';

const MARKS = /\ufffd+/g;
/** A mark stands for a byte that could not be read; the character that it was, escaped for HTML, is no longer than this. */
const CHARACTERS_PER_MARK = 8;

/** Texts of a story: null is none. */
export interface StoryTexts {
  title: string;
  body: string;
  author: string | null;
}

/**
 * Whether a story is the same as it was but for characters that could not be read: on its way here, or where it was
 * written. Such a change makes it worse, and nothing else.
 */
export function isOnlyBroken(before: StoryTexts, after: StoryTexts): boolean {
  const pairs = [
    [before.title, after.title],
    [before.body, after.body],
    [before.author ?? '', after.author ?? ''],
  ] as const;
  return (
    pairs.some(([good, bad]) => good !== bad) &&
    pairs.every(([good, bad]) => good === bad || isBroken(good, bad))
  );
}

/** What stands between the marks is there, in its order, with no more between than was broken. */
function isBroken(good: string, bad: string): boolean {
  const marks = bad.match(MARKS) ?? [];
  const [first = '', ...pieces] = bad.split(MARKS);
  if (marks.length === 0 || !good.startsWith(first)) return false;
  let at = first.length;
  for (const [index, piece] of pieces.entries()) {
    const most = at + (marks[index]?.length ?? 0) * CHARACTERS_PER_MARK;
    const isLast = index === pieces.length - 1;
    const found = isLast ? good.length - piece.length : indexWithin(good, piece, at, most);
    if (found < at || found > most || !good.startsWith(piece, found)) return false;
    at = found + piece.length;
  }
  return true;
}
