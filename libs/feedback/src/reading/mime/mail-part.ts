import { HeaderFields } from './header-fields.js';
import { fileName, parameterField, type ParameterField } from './content-type.js';
import { decodeText } from './decode-text.js';
import { MAX_DEPTH, MAX_PARTS, MAX_TEXT_CHARACTERS } from './limits.js';

/** A part of a mail, or the mail. */
export interface MailPart {
  headers: HeaderFields;
  contentType: ParameterField;
  fileName: string | null;
  /** Of a multipart: its parts; of a message in a message: that one message. */
  parts: MailPart[];
  /** Whether it is a message of its own: its parts are not the mail's. */
  isMessage: boolean;
  /** Its body as it stands there, Latin-1, encoded. */
  body: string;
}

/** Types that hold a message, or its header alone. */
const MESSAGES = new Set([
  'message/rfc822',
  'message/global',
  'text/rfc822-headers',
  'message/rfc822-headers',
  'message/global-headers',
  'text/rfc822-header',
  'text/rfc822',
  'message/partial',
]);

/**
 * Takes a mail apart, leniently: lines may end in any way, boundaries may be missing or not closed, and nothing is said twice
 * what a mail of that kind can not have. Why no library: postal-mime (0.5 ms for 2.4 KB) and mailparser (1.1 ms) put the texts of
 * all parts into one, without telling which part is which, and drop a multipart whose boundary is missing.
 */
export function mailParts(raw: Uint8Array): MailPart {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  const text = bytes.toString('latin1');
  const lines = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return read(lines, firstLine(lines), lines.length, 0, { left: MAX_PARTS }, 'text/plain');
}

/** Every part that is no multipart, of this mail alone: what is in a returned message is not. */
export function leaves(part: MailPart): MailPart[] {
  if (part.isMessage || part.parts.length === 0) return [part];
  return part.parts.flatMap(leaves);
}

/** The bytes of a part, its transfer encoding undone. */
export function bytesOf(part: MailPart): Uint8Array {
  return decodeBytes(part.body, part.headers.raw('content-transfer-encoding'));
}

/** The text of a part, at most so much as is looked at. */
export function textOf(part: MailPart): string {
  const encoding = part.headers.raw('content-transfer-encoding');
  const bytes = decodeBytes(part.body.slice(0, 3 * MAX_TEXT_CHARACTERS), encoding);
  const text = decodeText(bytes, part.contentType.parameters.get('charset') ?? '');
  return text.slice(0, MAX_TEXT_CHARACTERS).replace(/\r\n?/g, '\n');
}

/** Where a message begins: below empty lines and a byte order mark. */
function firstLine(text: string): number {
  const begin = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0;
  let at = begin;
  for (let n = begin; n < text.length; n++) {
    const character = text[n];
    if (character === '\n') at = n + 1;
    else if (character !== ' ' && character !== '\t') break;
  }
  return at;
}

function read(
  text: string,
  from: number,
  to: number,
  depth: number,
  budget: { left: number },
  type: string,
): MailPart {
  const { headers, end } = headerOf(text, from, to);
  const said = parameterField(headers.raw('content-type') || type);
  const contentType = said.value.includes('/') ? said : { ...said, value: 'text/plain' };
  const part: MailPart = {
    headers,
    contentType,
    fileName: fileName(parameterField(headers.raw('content-disposition')), contentType),
    parts: [],
    isMessage: depth > 0 && MESSAGES.has(contentType.value),
    body: text.slice(end, to),
  };
  budget.left--;
  if (depth >= MAX_DEPTH || budget.left <= 0) return part;
  if (part.isMessage) {
    const encoding = headers.raw('content-transfer-encoding');
    const inner = isIdentity(encoding) ? part.body : latin1(decodeBytes(part.body, encoding));
    part.parts = [read(inner, firstLine(inner), inner.length, depth + 1, budget, 'text/plain')];
  } else if (contentType.value.startsWith('multipart/')) {
    const inner = contentType.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    part.parts = split(part.body, contentType.parameters.get('boundary')?.trim() ?? '')
      .slice(0, budget.left)
      .map(([begin, finish]) => read(part.body, begin, finish, depth + 1, budget, inner));
  }
  return part;
}

/** A part may begin with its words at once; of what has no field at all, all are words. */
function headerOf(text: string, from: number, to: number): { headers: HeaderFields; end: number } {
  const read = HeaderFields.read(text, from, to);
  return read.headers.size > 0
    ? read
    : { headers: HeaderFields.none, end: text[from] === '\n' ? from + 1 : from };
}

/** Where the parts of a multipart are; none: no boundary is there. */
function split(body: string, said: string): [from: number, to: number][] {
  const boundary =
    said !== '' && (body.startsWith(`--${said}`) || body.includes(`\n--${said}`)) ? said : guessed(body);
  if (boundary === null) return [];
  const delimiter = `--${boundary}`;
  const parts: [number, number][] = [];
  let open = -1;
  let at = body.startsWith(delimiter) ? 0 : next(body, delimiter, 0);
  while (at !== -1 && parts.length < MAX_PARTS) {
    if (open !== -1) parts.push([open, Math.max(open, at - 1)]);
    const newline = body.indexOf('\n', at);
    const rest = body.slice(at + delimiter.length, newline === -1 ? body.length : newline).trimEnd();
    // A longer boundary that begins as this one does belongs to a part inside.
    if (rest !== '' && rest !== '--') {
      const last = parts.pop();
      open = last ? last[0] : -1;
    } else open = rest === '--' || newline === -1 ? -1 : newline + 1;
    if (newline === -1) return parts;
    at = next(body, delimiter, newline);
  }
  if (open !== -1) parts.push([open, body.length]);
  return parts;
}

function next(body: string, delimiter: string, from: number): number {
  const at = body.indexOf(`\n${delimiter}`, from);
  return at === -1 ? -1 : at + 1;
}

/** The boundary of a multipart that names none, or another than it uses: a line of two hyphens before a header. */
function guessed(body: string): string | null {
  return (
    /(?:^|\n)--(\S[^\n]{0,100}?)[ \t]{0,8}\n(?:MIME|X-|Content-)[A-Za-z-]{1,40}:/i.exec(body)?.[1] ?? null
  );
}

function isIdentity(encoding: string): boolean {
  return !/^\s*(?:base64|quoted-printable)/i.test(encoding);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('latin1')
    .replace(/\r\n?/g, '\n');
}

function decodeBytes(body: string, encoding: string): Uint8Array {
  const name = encoding.trim().toLowerCase();
  if (name.startsWith('base64')) return Buffer.from(body, 'base64');
  if (!name.startsWith('quoted-printable')) return Buffer.from(body, 'latin1');
  const text = body
    .replace(/[ \t]{0,80}\n/g, '\n')
    .replace(/=\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}
