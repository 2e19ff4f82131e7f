/** What no body may hold: NUL breaks PostgreSQL's text, the other controls mean nothing in an article. */
const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g;
const BYTE_ORDER_MARK = /^\ufeff/;

/** A list mark, a dash of dialogue, or an opening quotation mark at the start of a line. */
const LIST_ITEM = /^(?:[-*•‣◦·]|\d{1,3}[.)])\s/u;
const SPEECH = /^(?:[–—―]|["'“‘„‚«‹»])/u;
/** A line ends here for a reason, not because the column was full. */
const ENDED = /[.!?…:;”’"'»«‹›)\]]$/u;

/** @returns the text without byte order mark and control characters, its line breaks all `\n` */
export function normaliseText(text: string): string {
  return text.replace(BYTE_ORDER_MARK, '').replace(/\r\n?/g, '\n').replace(CONTROLS, '');
}

/**
 * Paragraphs of a plain text: blank lines part them. A single line break is where the column was full, and becomes a
 * space; it is kept before a list item, and before a quotation or a dash of dialogue that follows a finished line.
 * Every other character stays as it is.
 * @returns one array of lines per paragraph
 */
export function paragraphsOf(text: string): string[][] {
  return normaliseText(text)
    .split(/\n[^\S\n]*(?=\n)/)
    .map((block) =>
      block
        .split('\n')
        .map((line) => trimSpaces(line))
        .filter((line) => line !== ''),
    )
    .filter((lines) => lines.length > 0)
    .map(unwrap);
}

function unwrap(lines: string[]): string[] {
  const out: string[] = [];
  for (const line of lines) {
    const previous = out.at(-1);
    if (previous === undefined || isOwnLine(line, previous)) out.push(line);
    else out[out.length - 1] = `${previous} ${line}`;
  }
  return out;
}

function isOwnLine(line: string, previous: string): boolean {
  if (LIST_ITEM.test(line)) return ENDED.test(previous) || LIST_ITEM.test(previous);
  return SPEECH.test(line) && ENDED.test(previous);
}

/** Trims spaces and tabs only: a non-breaking space was put there on purpose. */
function trimSpaces(line: string): string {
  // Not /[ \t]+$/, which looks through a long run of spaces again from each of them.
  let end = line.length;
  while (end > 0 && ' \t'.includes(line.charAt(end - 1))) end -= 1;
  return line.slice(0, end).replace(/^[ \t]+/, '');
}
