import { setImmediate } from 'node:timers/promises';
import { CsvReader, type CsvRow } from './csv-reader.js';
import type { Dialect } from './dialect.js';
import { decoded } from './encoding.js';

/** Text that is read at once, in about two milliseconds: then others have their turn. UTF-16 units. */
const SLICE = 65_536;

/** The readers' records of a file, in slices; what names the columns is left out. */
export async function* fileRows(
  pieces: AsyncIterable<Uint8Array>,
  { encoding, delimiter, headLines }: Dialect,
): AsyncGenerator<CsvRow[]> {
  const reader = new CsvReader(delimiter);
  let left = headLines;
  const withoutHead = (rows: CsvRow[]) => {
    const some = rows.slice(left);
    left -= rows.length - some.length;
    return some;
  };
  for await (const text of decoded(pieces, encoding)) {
    for (let at = 0; at < text.length; at += SLICE) {
      const rows = withoutHead(reader.push(text.slice(at, at + SLICE)));
      if (rows.length > 0) yield rows;
      await setImmediate();
    }
  }
  const rows = withoutHead(reader.end());
  if (rows.length > 0) yield rows;
}
