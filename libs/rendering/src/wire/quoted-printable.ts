/** RFC 2045 §6.7 (5): at most 76 characters a line, the `=` of a soft line break included. */
const LINE = 76;
/** One is kept for the `=`, at the last line too: a placeholder may follow it. */
const ROOM = LINE - 1;
const SOFT_BREAK = '=\r\n';

/** Each byte as it is written when it has to be encoded. */
const ENCODED = Array.from(
  { length: 256 },
  (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`,
);

/** What may stand as it is: printable ASCII except `=`, and blanks. */
const isPlain = (code: number) => (code >= 0x20 && code <= 0x7e && code !== 0x3d) || code === 0x09;
/** The same, for a whole text that does not end with a blank. */
const PLAIN_TEXT = /^[\t -<>-~]*[!-<>-~]$/;
const isBlank = (code: number) => code === 0x20 || code === 0x09;

/** UTF-8 (RFC 3629 §3) by hand: a buffer for each character would cost ten times as much. */
function encodeCharacter(code: number): string {
  if (code < 0x80) return escaped(code);
  const last = escaped(0x80 | (code & 0x3f));
  if (code < 0x800) return escaped(0xc0 | (code >> 6)) + last;
  if (code >= 0xd800 && code <= 0xdfff) return '=EF=BF=BD'; // half a pair, which UTF-8 has not
  const third = escaped(0x80 | ((code >> 6) & 0x3f)) + last;
  if (code < 0x10000) return escaped(0xe0 | (code >> 12)) + third;
  return escaped(0xf0 | (code >> 18)) + escaped(0x80 | ((code >> 12) & 0x3f)) + third;
}

function escaped(byte: number): string {
  return ENCODED[byte] as string;
}

/**
 * Encodes text as quoted-printable UTF-8 in wire form: lines of at most 76 characters ending in CRLF, none
 * beginning with a dot (so SMTP's dot-stuffing, RFC 5321 §4.5.2, has nothing to do) and none with `From ` (which
 * mailbox files would change).
 *
 * Line breaks of any kind become CRLF. The text begins at the start of a line.
 * @returns the encoded text and the length of its last, unfinished line
 */
export function encodeQuotedPrintable(text: string): { encoded: string; column: number } {
  const encoded = text
    .split(/\r\n|\r|\n/)
    .map(encodeLine)
    .join('\r\n');
  return { encoded, column: encoded.length - (encoded.lastIndexOf('\n') + 1) };
}

function encodeLine(line: string): string {
  let out = '';
  let column = 0;
  let at = 0;
  while (at < line.length) {
    const run = plainRun(line, at, ROOM - column, column === 0);
    out += line.slice(at, at + run);
    column += run;
    at += run;
    if (at === line.length) break;

    const code = line.codePointAt(at) ?? 0;
    const token = column === 0 || !isPlain(code) || at === line.length - 1 ? encodeCharacter(code) : '';
    if (token === '' || column + token.length > ROOM) {
      out += SOFT_BREAK;
      column = 0;
    } else {
      out += token;
      column += token.length;
      at += code > 0xffff ? 2 : 1;
    }
  }
  return out;
}

/**
 * Encodes one reader's value to stand between soft line breaks: it begins after one and ends with one, so that what
 * stands before and after never changes. An empty value is nothing at all.
 * @param value without line breaks
 */
export function encodeBetweenBreaks(value: string): string {
  const plain = PLAIN_TEXT.test(value) && cutPlain(value);
  return plain || (value && encodeQuotedPrintable(value).encoded + SOFT_BREAK);
}

/** Most values need no encoding. @returns null where a line would begin with what has to be encoded there */
function cutPlain(value: string): string | null {
  let lines = '';
  for (let at = 0; at < value.length; at += ROOM) {
    const line = value.slice(at, at + ROOM);
    if (line.startsWith('.') || line.startsWith('From ')) return null;
    lines += line + SOFT_BREAK;
  }
  return lines;
}

/**
 * How many characters from here on can stand as they are, in the room that is left. None where a line would begin
 * with a dot or `From `; and white space at the end of a line would be lost on the way (§6.7 (3)).
 */
function plainRun(line: string, from: number, room: number, startsLine: boolean): number {
  if (startsLine && (line[from] === '.' || line.startsWith('From ', from))) return 0;
  let to = from;
  while (to < line.length && to - from < room && isPlain(line.charCodeAt(to))) to++;
  return to === line.length && isBlank(line.charCodeAt(to - 1)) ? Math.max(to - 1 - from, 0) : to - from;
}
