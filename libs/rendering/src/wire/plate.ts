import { EncodedText } from './encoded-text.js';
import { MimeFrame, type MessageTexts } from './mime-frame.js';
import type { BodyForm } from './mime-part.js';
import { PlateBody } from './plate-body.js';
import {
  plateHeaders,
  readerLines,
  subjectLine,
  type HeadersInput,
  type PlateHeaders,
  type Stamp,
} from './plate-headers.js';
import type { WirePart } from './wire-placeholder.js';

export type { BodyForm } from './mime-part.js';
export type { HeadersInput, Stamp } from './plate-headers.js';

/** What a plate is made from: a variant, or a single mail, and who sends it. */
export interface PlateInput extends HeadersInput {
  subject: string;
  /** May hold placeholders, see placeholders.ts. */
  html: string;
  text: string;
}

/** One reader's message in wire form, in the two halves that DKIM (RFC 6376) tells apart. */
export interface StampedMessage {
  /** The header block: every line ended with CRLF, without the empty line that ends it. */
  headers: Buffer;
  /** What follows the empty line. The constant buffers are the plate's own and must not be changed. */
  body: readonly Buffer[];
  /** Octets of the whole, the empty line included. */
  size: number;
  /** It has bytes above 127 in its body and is to be announced as BODY=8BITMIME. */
  eightBit: boolean;
}

const EMPTY_LINE = Buffer.from('\r\n');

/** The message as it follows DATA, but for the final `.\r\n`. */
export function wireChunks({ headers, body }: Pick<StampedMessage, 'headers' | 'body'>): Buffer[] {
  return [headers, EMPTY_LINE, ...body];
}

/** What a plate is put together from. Frame, headers and texts may be shared with other plates. */
export interface PlateParts {
  subject: string;
  headers: PlateHeaders;
  frame: MimeFrame;
  texts: MessageTexts;
}

/**
 * A whole message in wire form, as constant buffers with placeholders between them.
 *
 * **The bytes are ready for DATA**: lines end in CRLF and have at most 998 octets (76 in a body of 7 bits), no line
 * begins with a dot, so there is nothing to stuff, and the last line is ended. What follows is `.\r\n`.
 */
export class MessagePlate {
  readonly subject: string;
  /** Those that are the same for every reader. */
  private readonly headers: string;
  private readonly sevenBit: PlateBody;
  /** Null: it is the same as the other. Made when first asked for. */
  private eightBit: PlateBody | null | undefined;

  constructor(private readonly from: PlateParts) {
    this.subject = from.subject;
    this.headers = subjectLine(from.subject) + from.headers.lines + from.frame.contentType;
    this.sevenBit = new PlateBody(from.frame.body(from.texts, '7bit') as WirePart[]);
  }

  /** Octets of the constant parts. A stamped message has some hundred more. */
  get size(): number {
    return Buffer.byteLength(this.headers) + this.sevenBit.octets;
  }

  /**
   * Fills the plate for one reader.
   * @param form what the server takes; a plate may have less to give
   * @throws DomainError `invalid_input` when an address, id or URL could break the headers
   * @throws Error when a placeholder has no value
   */
  stamp(stamp: Stamp, form: BodyForm = '7bit'): StampedMessage {
    const headers = Buffer.from(readerLines(stamp, this.from.headers.list) + this.headers);
    const asItIs = form === '8bit' ? this.inEightBit()?.fill(stamp.values) : undefined;
    const { chunks, octets } = asItIs ?? this.inSevenBit(stamp);
    const size = headers.length + EMPTY_LINE.length + octets;
    return { headers, body: chunks, size, eightBit: Boolean(asItIs) };
  }

  private inSevenBit({ values }: Stamp) {
    const filled = this.sevenBit.fill(values);
    if (!filled) throw new Error('Quoted-printable takes any value.');
    return filled;
  }

  private inEightBit(): PlateBody | null {
    if (this.eightBit === undefined) {
      const { frame, texts } = this.from;
      const parts = frame.body(texts, '8bit');
      this.eightBit = parts && new PlateBody(parts);
    }
    return this.eightBit;
  }
}

/**
 * Makes the plate of a message that stands alone. The variants of an edition share theirs: see `composePlate`.
 * @throws DomainError `invalid_input` when a header's value can't be made safe
 */
export function buildPlate(input: PlateInput): MessagePlate {
  return new MessagePlate({
    subject: input.subject,
    headers: plateHeaders(input),
    frame: new MimeFrame(),
    texts: {
      text: [new EncodedText(input.text, 'text')],
      html: [new EncodedText(input.html, 'html')],
    },
  });
}
