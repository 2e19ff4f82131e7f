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
    this.buffered += chunk;
    const replies: SmtpReply[] = [];
    for (let end = this.buffered.indexOf('\n'); end >= 0; end = this.buffered.indexOf('\n')) {
      const reply = this.line(this.buffered.slice(0, end).replace(/\r$/, ''));
      this.buffered = this.buffered.slice(end + 1);
      if (reply) replies.push(reply);
    }
    this.refuseEndless(this.buffered.length);
    return replies;
  }

  private line(line: string): SmtpReply | undefined {
    const match = /^([2-5]\d\d)([ -]|$)(.*)$/s.exec(line);
    if (!match) throw new Error('the server sent something that is no SMTP reply');
    this.lines.push(this.lines.length === 0 ? line : (match[3] ?? ''));
    this.length += line.length;
    this.refuseEndless(this.length);
    if (match[2] === '-') return undefined;
    const text = this.lines.join(' ').replace(/^(\d{3})-/, '$1 ');
    this.lines = [];
    this.length = 0;
    return { code: Number(match[1]), text };
  }

  private refuseEndless(length: number): void {
    if (length > MAX_REPLY_LENGTH) throw new Error('the server sent an endless reply');
  }
}
