import { decodeWords } from 'postal-mime';
import { decodeUnnamed } from './decode-text.js';
import { MAX_HEADER_CHARACTERS, MAX_HEADER_FIELDS } from './limits.js';

/** A header section, as Latin-1: each character is a byte. */
export class HeaderFields {
  private constructor(private readonly fields: readonly (readonly [name: string, value: string])[]) {}

  static readonly none = new HeaderFields([]);

  /**
   * Reads fields until a line that is none: RFC 5322 §2.2, leniently.
   * @param text with `\n` between lines
   * @returns the fields, and where the body begins
   */
  static read(text: string, from: number, to: number): { headers: HeaderFields; end: number } {
    const fields: [string, string][] = [];
    const last = Math.min(to, from + MAX_HEADER_CHARACTERS);
    let at = from;
    while (at < to) {
      const newline = text.indexOf('\n', at);
      const end = newline === -1 || newline > to ? to : newline;
      if (end === at) return { headers: new HeaderFields(fields), end: Math.min(to, end + 1) };
      const line = text.slice(at, end);
      const isFolded = line.startsWith(' ') || line.startsWith('\t');
      const field = fields.at(-1);
      if (isFolded) {
        if (line.trim() === '') return { headers: new HeaderFields(fields), end: Math.min(to, end + 1) };
        if (field && at < last) field[1] += ` ${line.trim()}`;
      } else {
        const name = nameOf(line);
        // The envelope of a mailbox file, and nonsense on top, are passed over. Below, it is a line whose fold was lost, or the body.
        if (name === null && field) {
          if (!isMidHeader(text, end + 1, to)) return { headers: new HeaderFields(fields), end: at };
          if (at < last) field[1] += ` ${line.trim()}`;
        }
        if (name !== null && at < last && fields.length < MAX_HEADER_FIELDS)
          fields.push([name.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);
      }
      at = end + 1;
    }
    return { headers: new HeaderFields(fields), end: to };
  }

  /** These and others behind them. */
  with(others: HeaderFields): HeaderFields {
    return new HeaderFields([...this.fields, ...others.fields]);
  }

  get size(): number {
    return this.fields.length;
  }

  /** As it stands there, unfolded; empty: there is none. */
  raw(name: string): string {
    return this.fields.find(([known]) => known === name)?.[1] ?? '';
  }

  has(name: string): boolean {
    return this.fields.some(([known]) => known === name);
  }

  /** Decoded (RFC 2047, RFC 6532); empty: there is none. */
  text(name: string): string {
    return decodeField(this.raw(name));
  }

  /** Every one of that name, decoded. */
  all(name: string): string[] {
    return this.fields.filter(([known]) => known === name).map(([, value]) => decodeField(value));
  }

  /** All of them, decoded. */
  entries(): [name: string, value: string][] {
    return this.fields.map(([name, value]) => [name, decodeField(value)]);
  }
}

/** Whether fields go on from here, before the next empty line: some mailboxes lose the blanks that fold a field. */
function isMidHeader(text: string, from: number, to: number): boolean {
  let at = from;
  for (let lines = 0; lines < 100 && at < to; lines++) {
    const newline = text.indexOf('\n', at);
    const end = newline === -1 || newline > to ? to : newline;
    if (end === at) return false;
    if (nameOf(text.slice(at, Math.min(end, at + 100))) !== null) return true;
    at = end + 1;
  }
  return at >= to;
}

/** The name of a field, if the line begins one. */
function nameOf(line: string): string | null {
  return /^([\w][\w.$+-]{0,79})[ \t]{0,8}:/.exec(line)?.[1] ?? null;
}

/** @param value Latin-1 */
export function decodeField(value: string): string {
  const plain = /[\u0080-\u00ff]/.test(value) ? decodeUnnamed(Buffer.from(value, 'latin1')) : value;
  if (!plain.includes('=?')) return plain;
  try {
    return decodeWords(plain);
  } catch {
    return plain;
  }
}
