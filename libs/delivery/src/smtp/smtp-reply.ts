export interface SmtpReply {
  code: number;
  /** All lines, code and enhanced code included, joined by a space. */
  text: string;
}

/** A server that never ends a line, or a reply, is not let to fill the memory. */
const MAX_REPLY_LENGTH = 64 * 1024;

/** Cuts a server's words into replies (RFC 5321 §4.2). */
export class ReplyParser {
  private buffered = '';
  private lines: string[] = [];
  private length = 0;

  /**
   * @returns the replies that are now complete
   * @throws Error when what came is no SMTP
   */
  push(chunk: string): SmtpReply[] {
    const text = this.buffered + chunk;
    const replies: SmtpReply[] = [];
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      const reply = this.line(text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end));
      start = end + 1;
      if (reply) replies.push(reply);
    }
    this.buffered = text.slice(start);
    this.refuseEndless(this.buffered.length);
    return replies;
  }

  private line(line: string): SmtpReply | undefined {
    if (!/^[2-5]\d\d(?:[ -]|$)/.test(line))
      throw new Error('the server sent something that is no SMTP reply');
    this.length += line.length;
    this.refuseEndless(this.length);
    const code = line.slice(0, 3);
    // The code stands once in the whole, and a hyphen says only that more comes.
    this.lines.push(
      this.lines.length === 0 ? (line.length > 3 ? `${code} ${line.slice(4)}` : code) : line.slice(4),
    );
    if (line[3] === '-') return undefined;
    const text = this.lines.length === 1 ? (this.lines[0] as string) : this.lines.join(' ');
    this.lines = [];
    this.length = 0;
    return { code: Number(code), text };
  }

  private refuseEndless(length: number): void {
    if (length > MAX_REPLY_LENGTH) throw new Error('the server sent an endless reply');
  }
}
