/** TextDecoder takes these for Latin-1 in several releases of Node, though the standard has them in this block. */
const WINDOWS_1252_BLOCK = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** So much of a document is looked through for what it says of itself. */
const DECLARATION_BYTES = 4_096;
const DECLARATIONS = [
  /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']\s*([^"'>]+)["']/i,
  /<meta[^>]*?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i,
];
/** What TextDecoder says of bytes that do not fit, and of labels it does not know. */
const UNFIT = new Set(['ERR_ENCODING_INVALID_ENCODED_DATA', 'ERR_ENCODING_NOT_SUPPORTED']);
const OTHER_NAMES = new Map([
  ['latin-1', 'latin1'],
  ['ansi', 'windows-1252'],
  ['us-ascii', 'ascii'],
  ['macroman', 'macintosh'],
  ['mac-roman', 'macintosh'],
  ['maccyrillic', 'x-mac-cyrillic'],
  ['mac-cyrillic', 'x-mac-cyrillic'],
]);
const REPLACEMENT = 0xfffd;

/**
 * Reads text in whatever charset it is: by its byte order mark; as UTF-8 if it is valid UTF-8 with more than ASCII in
 * it, whatever is said, since nothing else looks like it; else as HTTP says; else as the document says.
 *
 * Bytes that do not fit become U+FFFD each, as in browsers: one broken byte must not have the rest read in another charset.
 * What is said but fits nowhere is passed over for another charset that is said. Where UTF-8 is said, or most of the bytes
 * beyond ASCII are UTF-8, it is read so. Nothing said, and not UTF-8: windows-1252.
 * @param contentType the HTTP header
 */
export function decodeText(bytes: Uint8Array, contentType?: string): string {
  const marked = byMark(bytes);
  if (marked) return decodeMarked(bytes, marked);
  const isAscii = bytes.every((byte) => byte < 0x80);
  const asUtf8 = isAscii ? undefined : decode(bytes, 'utf-8', true);
  if (asUtf8 !== undefined) return asUtf8;
  const said = labelsIn(bytes, contentType);
  if (!isAscii && isMostlyUtf8(bytes)) return decode(bytes, 'utf-8', false) ?? '';
  for (const label of said) {
    const text = decode(bytes, label, true);
    if (text !== undefined) return text;
  }
  for (const label of said) {
    const text = decode(bytes, label, false);
    if (text !== undefined) return text;
  }
  return fromWindows1252(bytes);
}

/**
 * Reads text in a charset.
 * @param label its name, as the Encoding standard has it or nearly so
 * @returns undefined when there is none of that name
 */
export function decodeAs(bytes: Uint8Array, label: string): string | undefined {
  return decode(bytes, knownLabel(label), false);
}

/** What HTTP and the document say, in this order. Declared in bytes that could be read, it can not be UTF-16. */
function labelsIn(bytes: Uint8Array, contentType = ''): string[] {
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const http = /\bcharset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType)?.[1];
  return [http, ...DECLARATIONS.map((pattern) => pattern.exec(head)?.[1])]
    .flatMap((label) => (label ? [knownLabel(label)] : []))
    .filter((label) => !/^(?:utf-?16|utf-?32|ucs|iso-10646|(?:cs)?unicode)/.test(label));
}

/** Names that are not in the Encoding standard, as people write them. */
function knownLabel(label: string): string {
  const name = label.trim().toLowerCase().replace(/[_ ]/g, '-');
  const windows = /^(?:x-)?(?:win|windows|cp|ms|microsoft)-?(?:cp-?)?(125\d|874)$/.exec(name)?.[1];
  if (windows) return `windows-${windows}`;
  const iso = /^iso-?8859-?(\d{1,2})(?:-.*)?$/.exec(name)?.[1] ?? /^8859-(\d{1,2})$/.exec(name)?.[1];
  if (iso) return `iso-8859-${iso}`;
  if (/^(?:x-|unicode-?\d?-?\d?-)?utf-?8n?$/.test(name)) return 'utf-8';
  return OTHER_NAMES.get(name) ?? name;
}

/** Of what is beyond ASCII, more is whole characters of UTF-8 than is not. */
function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = decode(bytes, 'utf-8', false) ?? '';
  let broken = 0;
  let whole = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === REPLACEMENT) broken++;
    else if (unit > 0x7f) whole++;
  }
  return whole > broken;
}

/** A byte order mark, or the zeros of UTF-16 and UTF-32 in `<?` and `{"`. */
function byMark([a, b, c, d]: Uint8Array): string | undefined {
  const isSign = (byte: number | undefined) => byte === 0x3c || byte === 0x7b;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && ((c === 0xfe && d === 0xff) || (c === 0 && isSign(d)))) return 'utf-32be';
  if (isSign(a) && b === 0 && c === 0 && d === 0) return 'utf-32le';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (isSign(a) && b === 0) return 'utf-16le';
  if (a === 0 && isSign(b)) return 'utf-16be';
  return undefined;
}

function decodeMarked(bytes: Uint8Array, label: string): string {
  if (!label.startsWith('utf-32')) return decode(bytes, label, false) ?? '';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, label === 'utf-32le');
    const isCharacter = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    parts.push(String.fromCodePoint(isCharacter ? point : REPLACEMENT));
  }
  return parts.join('').replace(/^\ufeff/, '');
}

/** @returns undefined when the label is unknown or, if it is to fit, the bytes are not of that charset */
function decode(bytes: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    const decoder = new TextDecoder(label, { fatal });
    return decoder.encoding === 'windows-1252' ? fromWindows1252(bytes) : decoder.decode(bytes);
  } catch (error) {
    if (UNFIT.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function fromWindows1252(bytes: Uint8Array): string {
  return Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => WINDOWS_1252_BLOCK.charAt(character.charCodeAt(0) - 0x80));
}
