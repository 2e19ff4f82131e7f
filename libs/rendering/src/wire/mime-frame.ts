import { randomBytes } from 'node:crypto';
import type { EncodedText } from './encoded-text.js';
import { joinTexts, transferEncodingOf, type BodyForm, type TransferEncoding } from './mime-part.js';
import type { WirePart } from './wire-placeholder.js';

/** The texts of a message's two parts. */
export interface MessageTexts {
  text: readonly EncodedText[];
  html: readonly EncodedText[];
}

/** A boundary has at most 70 characters (RFC 2046 §5.1.1); two hexadecimal digits a byte make a random one long enough. */
const UNLIKE_BYTES = 18;

/** What stands around the two parts of a message (RFC 2046 §5.1.4), the same for all the plates of an edition. */
export class MimeFrame {
  private readonly boundary: string;
  private readonly heads = new Map<string, Buffer>();
  private readonly end: Buffer;

  /** The header that names the boundary. */
  readonly contentType: string;

  /** @param unlike 18 bytes that no text of the message could know (§5.1.1); neither quoted-printable nor base64 can hold `=_` */
  constructor(unlike: Buffer = randomBytes(UNLIKE_BYTES)) {
    this.boundary = `=_${unlike.toString('hex', 0, UNLIKE_BYTES)}`;
    this.end = Buffer.from(`\r\n--${this.boundary}--\r\n`);
    this.contentType = `Content-Type: multipart/alternative;\r\n boundary="${this.boundary}"\r\n`;
  }

  /** @returns the body in a form, or null for an `8bit` that is the same as `7bit` */
  body({ text, html }: MessageTexts, form: BodyForm): WirePart[] | null {
    const [textAs, htmlAs] = [transferEncodingOf(text, form), transferEncodingOf(html, form)];
    if (form === '8bit' && textAs !== '8bit' && htmlAs !== '8bit') return null;
    return [
      this.head('text/plain', textAs),
      ...joinTexts(text, textAs),
      this.head('text/html', htmlAs),
      ...joinTexts(html, htmlAs),
      this.end,
    ];
  }

  private head(type: string, encoding: TransferEncoding): Buffer {
    const key = `${type} ${encoding}`;
    const known = this.heads.get(key);
    if (known) return known;
    const head = Buffer.from(
      `\r\n--${this.boundary}\r\n` +
        `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`,
    );
    this.heads.set(key, head);
    return head;
  }
}
