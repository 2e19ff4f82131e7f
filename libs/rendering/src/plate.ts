import { randomBytes } from 'node:crypto';
import {
  bracketedMessageId,
  bracketedUrl,
  encodeListId,
  encodeMailbox,
  encodeText,
  extraHeaderLines,
  headerLine,
  type Mailbox,
} from './mail-headers.js';
import { encodeQuotedPrintable } from './quoted-printable.js';
import { slotText, splitSlots, type SlotName, type SlotValues } from './slots.js';

/** What a plate is made from: a variant, or a single mail, and who sends it. */
export interface PlateInput {
  from: { name: string; address: string };
  replyTo?: Mailbox | string | null;
  subject: string;
  /** May hold slots, see slots.ts. */
  html: string;
  text: string;
  /** RFC 2919. `id` is a host name that stays the same: `digest.news.example.org`. */
  listId: { name: string; id: string } | null;
  /** List mail carries the one-click headers and needs `unsubscribeUrl`; any other says that it is automatic. */
  list: boolean;
  extraHeaders?: Readonly<Record<string, string>>;
  date: Date;
}

/** Whom a message is for. */
export interface Stamp {
  to: Mailbox;
  /** With or without angle brackets. */
  messageId: string;
  values: SlotValues;
}

/** `8bit` may hold bytes above 127 (RFC 6152): only for a server that offers 8BITMIME. */
export type BodyForm = '7bit' | '8bit';

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

/** A slot in the encoded message. */
interface EncodedSlot {
  slot: SlotName;
  kind: 'html' | 'text';
}

/**
 * A whole message in wire form, as constant buffers with slots between them.
 *
 * **The bytes are ready for DATA**: lines end in CRLF and have at most 998 octets (76 in the body), no line begins
 * with a dot, so there is nothing to stuff, and the last line is ended. What follows is `.\r\n`.
 */
export class MessagePlate {
  /** Octets of the constant parts. A stamped message has some hundred more. */
  readonly size: number;

  /**
   * @param headers those that are the same for every reader
   * @param parts constant buffers and slots of the body, in order
   */
  constructor(
    private readonly headers: string,
    private readonly parts: readonly (Buffer | EncodedSlot)[],
    private readonly list: boolean,
  ) {
    this.size = parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : 0), headers.length);
  }

  /**
   * Fills the plate for one reader.
   * @param form what the server takes; a plate may have less to give
   * @throws DomainError `invalid_input` when an address, id or URL could break the headers
   * @throws Error when a slot has no value
   */
  stamp(stamp: Stamp, _form: BodyForm = '7bit'): StampedMessage {
    const filled = new Map<string, Buffer>();
    const body = this.parts.map((part) => {
      if (Buffer.isBuffer(part)) return part;
      const value = slotText(part.slot, stamp.values, part.kind);
      const encoded = filled.get(value) ?? encodeValue(value);
      filled.set(value, encoded);
      return encoded;
    });
    const headers = Buffer.from(this.readerHeaders(stamp) + this.headers);
    const size = body.reduce((sum, chunk) => sum + chunk.length, headers.length + EMPTY_LINE.length);
    return { headers, body, size, eightBit: false };
  }

  private readerHeaders({ to, messageId, values }: Stamp): string {
    const headers =
      headerLine('To', encodeMailbox(to, 'to')) + headerLine('Message-ID', bracketedMessageId(messageId));
    if (!this.list) return headers;
    const url = bracketedUrl(slotText('unsubscribeUrl', values, 'text'), 'unsubscribeUrl');
    return `${headers}List-Unsubscribe: ${url}\r\n`;
  }
}

/**
 * A slot's value, encoded on its own: it begins after a soft line break and ends with one, so that what stands
 * before and after never changes. Line breaks in a value are spaces.
 */
function encodeValue(value: string): Buffer {
  const { encoded } = encodeQuotedPrintable(value.replace(/[\r\n]+/g, ' '));
  return Buffer.from(encoded && `${encoded}=\r\n`);
}

/**
 * Compiles a message to a plate.
 * @throws DomainError `invalid_input` when a header's value can't be made safe
 */
export function buildPlate(input: PlateInput): MessagePlate {
  // RFC 2046 §5.1.1. `=_` never occurs in quoted-printable, so no text can hold it.
  const boundary = `=_${randomBytes(18).toString('hex')}`;
  const pieces: (string | EncodedSlot)[] = [
    partHead(boundary, 'text/plain'),
    ...encodeBody(input.text, 'text'),
    partHead(boundary, 'text/html'),
    ...encodeBody(input.html, 'html'),
    `\r\n--${boundary}--\r\n`,
  ];
  return new MessagePlate(constantHeaders(input, boundary), joinConstants(pieces), input.list);
}

function constantHeaders(input: PlateInput, boundary: string): string {
  const { from, replyTo, list, listId } = input;
  const reply = typeof replyTo === 'string' ? { address: replyTo } : replyTo;
  return [
    headerLine('From', encodeMailbox(from, 'from')),
    reply ? headerLine('Reply-To', encodeMailbox(reply, 'replyTo')) : '',
    headerLine('Subject', encodeText(input.subject)),
    headerLine('Date', input.date.toUTCString().replace('GMT', '+0000')),
    listId ? headerLine('List-Id', encodeListId(listId)) : '',
    // RFC 8058 §3.1; the header it belongs to, List-Unsubscribe, is the reader's own.
    list ? 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n' : '',
    // RFC 3834 §5: so that no holiday responder answers.
    list ? '' : 'Auto-Submitted: auto-generated\r\n',
    extraHeaderLines(input.extraHeaders ?? {}),
    'MIME-Version: 1.0\r\n',
    `Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n`,
  ].join('');
}

function partHead(boundary: string, type: string): string {
  return (
    `\r\n--${boundary}\r\n` +
    `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
  );
}

/** Every piece begins at the start of a line, because a slot's value ends with a soft line break. */
function encodeBody(body: string, kind: 'html' | 'text'): (string | EncodedSlot)[] {
  const parts = splitSlots(body);
  return parts.map((part, index) => {
    if (typeof part !== 'string') return { slot: part.slot, kind };
    const { encoded, column } = encodeQuotedPrintable(part);
    const slotFollows = index + 1 < parts.length;
    return slotFollows && column > 0 ? `${encoded}=\r\n` : encoded;
  });
}

function joinConstants(pieces: readonly (string | EncodedSlot)[]): (Buffer | EncodedSlot)[] {
  const parts: (Buffer | EncodedSlot)[] = [];
  let constant = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      constant += piece;
    } else {
      if (constant) parts.push(Buffer.from(constant));
      constant = '';
      parts.push(piece);
    }
  }
  if (constant) parts.push(Buffer.from(constant));
  return parts;
}
