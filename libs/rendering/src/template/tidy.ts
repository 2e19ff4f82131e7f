/** White space in front of a line break, of any kind that a regular expression's `$` knows too. A long run is looked at once. */
const TRAILING_BLANKS = /(?<![ \t])[ \t]+(?=[\n\r\u2028\u2029])/g;

/** Where optional lines are missing, the templates leave gaps. */
export function tidyText(text: string): string {
  return `${tidyInner(text).trim()}\n`;
}

/**
 * Tidies what stands between two words, whatever they are: {@link tidyText} of a text that neither begins nor ends
 * with white space, or that is white space alone, but for its ends. So a text may be tidied in pieces, see
 * {@link takeOffEnds}.
 */
export function tidyInner(text: string): string {
  return text.replace(TRAILING_BLANKS, '').replace(/\n{3,}/g, '\n\n');
}

/** A text and the white space at its ends. */
export interface Ends {
  lead: string;
  core: string;
  trail: string;
}

/**
 * Takes the white space off the ends of a text; white space alone is all `lead`. Where texts are joined, it is only
 * this white space that tidying has to look at again.
 */
export function takeOffEnds(text: string): Ends {
  const core = text.trim();
  if (!core) return { lead: text, core, trail: '' };
  const from = text.length - text.trimStart().length;
  return { lead: text.slice(0, from), core, trail: text.slice(from + core.length) };
}
