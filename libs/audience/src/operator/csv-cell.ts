/**
 * What a spreadsheet takes for the beginning of a formula (OWASP: CSV injection): also full-width, as East Asian input methods write it, and
 * after blanks.
 */
const FORMULA = '[ \\u00a0]*[=+\\-@＝＋－＠]';
/** Also a formula behind apostrophes: an export puts one more before it, and an import takes one off. */
const AT_START = new RegExp(`^'*(?:${FORMULA}|[\\t\\r])`);
const GUARDED_AT_START = new RegExp(`^''*(?:${FORMULA}|[\\t\\r])`);
/** Where a spreadsheet set to another country begins a new cell, in the middle of one of ours. */
const INSIDE = new RegExp(`([;,|\\t\\r\\n])(?='*${FORMULA})`, 'g');
const GUARDED_INSIDE = new RegExp(`([;,|\\t\\r\\n])'(?='*${FORMULA})`, 'g');

/** Keeps a spreadsheet from running a cell: puts an apostrophe before every place where a formula could begin. */
export function guardCell(text: string): string {
  const guarded = text.replace(INSIDE, "$1'");
  return AT_START.test(text) ? `'${guarded}` : guarded;
}

/** The inverse of {@link guardCell}, for a file that comes back. */
export function unguardCell(text: string): string {
  const bare = text.replace(GUARDED_INSIDE, '$1');
  return GUARDED_AT_START.test(bare) ? bare.slice(1) : bare;
}

/** Stands in the digests column for a reader who chose none: a blank cell means the default digests. */
export const NO_DIGESTS = '(none)';

/** A list in one cell. */
export function splitCell(cell: string): string[] {
  return cell
    .split(';')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
