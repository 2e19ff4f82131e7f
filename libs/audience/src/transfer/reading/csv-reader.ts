/** A record longer than this is no reader: a quotation mark that is never closed would otherwise take the rest of the file. UTF-16 units. */
const LONGEST_RECORD = 65_536;
const MOST_CELLS = 500;
const [QUOTE, CR, LF, SPACE] = [0x22, 0x0d, 0x0a, 0x20];

export type RowProblem = 'quotation' | 'too_long';

/** A record of the file. */
export interface CsvRow {
  /** Its first line, from 1. */
  line: number;
  cells: string[];
  /** It cannot be read, and has no cells: reading goes on in the next line. */
  problem?: RowProblem;
}

type Found = { end: number; cells: string[] } | { problem: RowProblem } | 'more';

/**
 * Reads CSV (RFC 4180) piece by piece, and goes on after what is broken. A mark out of place costs its own line and none of those after
 * it, which a general parser cannot promise: it does not know where the next record begins. Quotation marks inside an
 * unquoted cell stand for themselves; lines end in CRLF, LF or CR; blank ones are left out.
 */
export class CsvReader {
  private text = '';
  private line = 1;
  /** A line that was too long: the rest of it is dropped. */
  private isSkipping = false;

  /** @param delimiter one character */
  constructor(private readonly delimiter: string) {}

  /** @returns the records that are complete by now */
  push(text: string): CsvRow[] {
    this.text += text;
    return this.read(false);
  }

  /** @returns what is left */
  end(): CsvRow[] {
    return this.read(true);
  }

  private read(isEnd: boolean): CsvRow[] {
    const rows: CsvRow[] = [];
    let at = this.isSkipping ? this.skipLine(0, isEnd) : 0;
    while (at < this.text.length && !this.isSkipping) {
      const found = recordAt(this.text, at, this.delimiter, isEnd);
      if (found === 'more') break;
      const { line } = this;
      if ('problem' in found) {
        rows.push({ line, cells: [], problem: found.problem });
        at = this.skipLine(at, isEnd);
      } else {
        if (found.cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells: found.cells });
        this.line += linesIn(this.text, at, found.end);
        at = found.end;
      }
    }
    this.text = this.text.slice(at);
    return rows;
  }

  /** Leaves the line out that begins there. @returns where the next one does; if it is not there yet, the rest is left out later */
  private skipLine(from: number, isEnd: boolean): number {
    let at = from;
    while (at < this.text.length && !isLineEnd(this.text.charCodeAt(at))) at += 1;
    const isWhole = at < this.text.length && (isEnd || !isHalfEnd(this.text, at));
    this.isSkipping = !isWhole;
    if (!isWhole) return at;
    this.line += 1;
    return afterLineEnd(this.text, at);
  }
}

const isLineEnd = (code: number) => code === CR || code === LF;

/** A CR whose LF may be in the next piece. */
const isHalfEnd = (text: string, at: number) => text.charCodeAt(at) === CR && at + 1 >= text.length;

function afterLineEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === CR) return text.charCodeAt(at + 1) === LF ? at + 2 : at + 1;
  return text.charCodeAt(at) === LF ? at + 1 : at;
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code === LF || (code === CR && text.charCodeAt(at + 1) !== LF)) lines += 1;
  }
  return lines;
}

function recordAt(text: string, from: number, delimiter: string, isEnd: boolean): Found {
  const mark = delimiter.charCodeAt(0);
  const cells: string[] = [];
  for (let at = from; ;) {
    const cell = text.charCodeAt(at) === QUOTE ? quotedAt(text, at, isEnd) : plainAt(text, at, mark);
    if (cell === 'more') {
      const isOver = isEnd || text.length - from > LONGEST_RECORD;
      return isOver ? { problem: 'quotation' } : 'more';
    }
    at = cell.end;
    cells.push(cell.text);
    if (at - from > LONGEST_RECORD || cells.length > MOST_CELLS) return { problem: 'too_long' };
    if (at >= text.length) return isEnd ? { end: at, cells } : 'more';
    const code = text.charCodeAt(at);
    if (isLineEnd(code)) {
      return !isEnd && isHalfEnd(text, at) ? 'more' : { end: afterLineEnd(text, at), cells };
    }
    if (code !== mark) return { problem: 'quotation' };
    at += 1;
  }
}

/** A cell without marks around it. */
function plainAt(text: string, from: number, mark: number): { text: string; end: number } {
  let end = from;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === mark || isLineEnd(code)) break;
  }
  return { text: text.slice(from, end), end };
}

/** A cell in marks. @returns `more`: it is not closed yet */
function quotedAt(text: string, from: number, isEnd: boolean): { text: string; end: number } | 'more' {
  let inside = '';
  for (let at = from + 1; ;) {
    const close = text.indexOf('"', at);
    if (close < 0 || (close + 1 >= text.length && !isEnd)) return 'more';
    if (text.charCodeAt(close + 1) !== QUOTE) {
      let end = close + 1;
      while (text.charCodeAt(end) === SPACE) end += 1;
      return { text: inside + text.slice(at, close), end };
    }
    inside += text.slice(at, close + 1);
    at = close + 2;
  }
}
