import type { Socket } from 'node:net';

const CRLF = Buffer.from('\r\n');
const END = Buffer.from('\r\n.\r\n');

/** Reads command lines and dot-ended contents off a socket, in order, however they are split or pipelined. */
export class SmtpReader {
  private held: Buffer = Buffer.alloc(0);
  private readonly chunks: AsyncIterator<Buffer, undefined>;

  constructor(socket: Socket) {
    this.chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer, undefined>;
  }

  /** @returns a line without its end, or undefined when the client is gone */
  async line(): Promise<string | undefined> {
    let end: number;
    while ((end = this.held.indexOf(CRLF)) < 0) if (!(await this.more())) return undefined;
    const line = this.held.subarray(0, end).toString('utf8');
    this.held = this.held.subarray(end + CRLF.length);
    return line;
  }

  /** Waits for the first bytes of what comes next. @returns whether any came */
  async begins(): Promise<boolean> {
    return this.held.length > 0 || this.more();
  }

  /** @returns everything before the final dot, still dot-stuffed, or undefined when the client is gone before it */
  async untilDot(): Promise<Buffer | undefined> {
    // A leading CRLF makes an empty message, whose final dot is the first line, no special case.
    const parts: Buffer[] = [CRLF, this.held];
    let tail = Buffer.concat(parts);
    let length = tail.length;
    let end = tail.indexOf(END);
    while (end < 0) {
      const chunk = await this.next();
      if (!chunk) return undefined;
      parts.push(chunk);
      length += chunk.length;
      tail = Buffer.concat([tail.subarray(-(END.length - 1)), chunk]);
      const found = tail.indexOf(END);
      end = found < 0 ? -1 : length - tail.length + found;
    }
    const all = Buffer.concat(parts);
    this.held = all.subarray(end + END.length);
    return all.subarray(CRLF.length, end + CRLF.length);
  }

  /** Reads and forgets whatever comes until the client is gone. */
  async drain(): Promise<void> {
    while (await this.next()) this.held = Buffer.alloc(0);
  }

  private async more(): Promise<boolean> {
    const chunk = await this.next();
    if (chunk) this.held = this.held.length > 0 ? Buffer.concat([this.held, chunk]) : chunk;
    return chunk !== undefined;
  }

  private async next(): Promise<Buffer | undefined> {
    try {
      const result = await this.chunks.next();
      return result.done ? undefined : result.value;
    } catch {
      return undefined; // reset by the client: gone is gone
    }
  }
}

/** Takes the doubled dots away that RFC 5321 §4.5.2 puts at the start of lines. */
export function unstuffed(content: Buffer): Buffer {
  const text = content.toString('latin1'); // one character per byte, both ways
  return Buffer.from(text.replace(/(^|\r\n)\./g, '$1'), 'latin1');
}

/** What is wrong with a content on the wire (RFC 5321 §2.3.8, §4.5.2, §4.5.3.1.6), in words. */
export function contentViolations(content: Buffer, eightBit: boolean): string[] {
  const text = content.toString('latin1');
  const found: string[] = [];
  if (/(?:^|[^\r])\n/.test(text) || /\r(?!\n)/.test(text)) found.push('a bare CR or LF in the content');
  if (text.split('\r\n').some((line) => line.length > 998)) found.push('a line of more than 998 octets');
  if (/(?:^|\r\n)\.(?!\.)/.test(text)) found.push('a line that begins with a single dot');
  if (/\0/.test(text)) found.push('a NUL in the content');
  if (!eightBit && /[\x80-\xff]/.test(text)) found.push('octets above 127 without BODY=8BITMIME or SMTPUTF8');
  return found;
}
