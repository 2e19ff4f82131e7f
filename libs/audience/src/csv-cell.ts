/** What a spreadsheet takes for a formula (OWASP: CSV injection), and our own guard before it. */
const NEEDS_GUARD = /^'*[=+\-@\t\r]/;
const GUARDED = /^''*[=+\-@\t\r]/;

/** Keeps a spreadsheet from running a cell: puts an apostrophe before it. */
export function guardCell(text: string): string {
  return NEEDS_GUARD.test(text) ? `'${text}` : text;
}

/** The inverse of {@link guardCell}, for a file that comes back. */
export function unguardCell(text: string): string {
  return GUARDED.test(text) ? text.slice(1) : text;
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
