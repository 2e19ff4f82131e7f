export const ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Bytes that are looked at for UTF-16 without a byte order mark. */
const LOOKED_AT = 2_000;

/** Whether a file is UTF-8 from its first byte to its last; looked at while it comes in. */
export class Utf8Check {
  private decoder: InstanceType<typeof TextDecoder> | undefined = new TextDecoder('utf-8', { fatal: true });

  push(bytes: Uint8Array): void {
    this.decode(bytes, true);
  }

  /** @returns whether all of it was, a character that is cut off at the end included */
  end(): boolean {
    this.decode(undefined, false);
    return this.decoder !== undefined;
  }

  private decode(bytes: Uint8Array | undefined, stream: boolean): void {
    try {
      this.decoder?.decode(bytes, { stream });
    } catch {
      this.decoder = undefined; // TypeError: these bytes are no UTF-8
    }
  }
}

/**
 * The encoding of a file: by its byte order mark, by the NULs of UTF-16, and UTF-8 if all of it is; what is left is what Excel
 * writes in western countries.
 */
export function encodingOf(start: Buffer, isUtf8: boolean): Encoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const some = start.subarray(0, LOOKED_AT - (LOOKED_AT % 2));
  let [even, odd] = [0, 0];
  for (const [index, byte] of some.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  // Names of columns are ASCII, of which UTF-16 makes a NUL each.
  if (odd > some.length / 6 && even === 0) return 'utf-16le';
  if (even > some.length / 6 && odd === 0) return 'utf-16be';
  return isUtf8 ? 'utf-8' : 'windows-1252';
}

/** What is no text at all, by what files begin with; undefined: it may be one. */
export function foreignKind(start: Buffer): string | undefined {
  const begins = (text: string) => start.subarray(0, text.length).equals(Buffer.from(text, 'latin1'));
  if (begins('PK\x03\x04')) return 'an Excel workbook or a ZIP archive';
  if (begins('\xd0\xcf\x11\xe0')) return 'an old Excel workbook';
  if (begins('%PDF')) return 'a PDF';
  if (begins('\x1f\x8b')) return 'a compressed file';
  return undefined;
}

/** Text of bytes, piece by piece; a byte order mark is dropped, a broken character is U+FFFD. */
export async function* decoded(
  pieces: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
