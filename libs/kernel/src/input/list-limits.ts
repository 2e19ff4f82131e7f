/** Columns or rows that one cell of a table may span. Wide tables of newspapers have 30. */
const MAX_SPAN = 100;
/** Cells that all spans of a text may add together: whoever lays the table out makes each of them. */
const MAX_ADDED = 10_000;
/** How far from nought a list may begin to count: years do. */
const MAX_START = 9_999;
/** Letters and Roman numerals begin at one, and these have none beyond. */
const MAX_LETTERS = 3_999;

/**
 * Keeps numbers that HTML gives for free from costing time and memory (HTML standard §4.9.11: a colspan is at most 1,000, a rowspan
 * 65,534: a cell of both would be 65 million). One for each text.
 */
export class ListLimits {
  private added = 0;

  /** Attributes of an element, with `colspan`, `rowspan` and `start` cut to what is sensible, or taken away. */
  apply(tag: string, attributes: Record<string, string>): Record<string, string> {
    if (tag === 'td' || tag === 'th') return this.cell(attributes);
    return tag === 'ol' ? list(attributes) : attributes;
  }

  private cell({ colspan, rowspan, ...rest }: Record<string, string>): Record<string, string> {
    const [columns, rows] = [spanOf(colspan), spanOf(rowspan)];
    this.added += columns * rows - 1;
    if (this.added > MAX_ADDED) return rest;
    return {
      ...rest,
      ...(columns > 1 && { colspan: String(columns) }),
      ...(rows > 1 && { rowspan: String(rows) }),
    };
  }
}

function spanOf(text: string | undefined): number {
  const span = /^\s*\+?(\d{1,9})/.exec(text ?? '')?.[1];
  return Math.min(Math.max(Number(span ?? 1), 1), MAX_SPAN);
}

function list({ start, ...rest }: Record<string, string>): Record<string, string> {
  const said = /^\s*([+-]?\d+)\s*$/.exec(start ?? '')?.[1];
  if (said === undefined) return rest;
  const from = Math.min(Math.max(Number(said), -MAX_START), MAX_START);
  const { type, ...plain } = rest;
  const hasLetters = from >= 1 && from <= MAX_LETTERS;
  return {
    ...plain,
    ...(type !== undefined && (hasLetters || !/[a-z]/i.test(type)) && { type }),
    start: String(from + 0),
  };
}
