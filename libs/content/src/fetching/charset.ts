/** TextDecoder takes these for Latin-1 in several releases of Node, though the standard has them in this block. */
const WINDOWS_1252_BLOCK = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
/** So much of a document is looked through for what it says of itself. */
const DECLARATION_BYTES = 4_096;
const DECLARATIONS = [
  /^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([^"'>]+)["']/i,
  /<meta[^>]*?\bcharset\s*=\s*["']?\s*([\w:.-]+)/i,
];
/** What TextDecoder says of bytes that do not fit, and of labels it does not know. */
const UNFIT = new Set(['ERR_ENCODING_INVALID_ENCODED_DATA', 'ERR_ENCODING_NOT_SUPPORTED']);

/**
 * Reads text in whatever charset it is: by its byte order mark; as UTF-8 if it is valid UTF-8 with more than ASCII in
 * it, whatever is said, since nothing else looks like it; else as HTTP says; else as the document says; else as
 * windows-1252. What is said but does not fit the bytes is passed over.
 * @param contentType the HTTP header
 */
export function decodeText(bytes: Uint8Array, contentType?: string): string {
  const marked = byMark(bytes);
  if (marked) return decode(bytes, marked, false) ?? '';
  const isAscii = bytes.every((byte) => byte < 0x80);
  const asUtf8 = isAscii ? undefined : decode(bytes, 'utf-8', true);
  if (asUtf8 !== undefined) return asUtf8;
  const head = Buffer.from(bytes.subarray(0, DECLARATION_BYTES)).toString('latin1');
  const said = /\bcharset\s*=\s*["']?\s*([^\s"';,]+)/i.exec(contentType ?? '')?.[1];
  const declared = DECLARATIONS.map((pattern) => pattern.exec(head)?.[1]).find(Boolean);
  for (const label of [said, declared]) {
    const text = label === undefined ? undefined : decode(bytes, label, true);
    if (text !== undefined) return text;
  }
  return fromWindows1252(bytes);
}

/** A byte order mark, or the zeros of UTF-16 in `<?` and `{"`. */
function byMark([a, b, c]: Uint8Array): string | undefined {
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if ((a === 0x3c || a === 0x7b) && b === 0) return 'utf-16le';
  if (a === 0 && (b === 0x3c || b === 0x7b)) return 'utf-16be';
  return undefined;
}

/** @returns undefined when the label is unknown or, if it is to fit, the bytes are not of that charset */
function decode(bytes: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    const decoder = new TextDecoder(label.trim(), { fatal });
    // Declared in bytes that could be read, it can not be UTF-16.
    if (fatal && decoder.encoding.startsWith('utf-16')) return undefined;
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
