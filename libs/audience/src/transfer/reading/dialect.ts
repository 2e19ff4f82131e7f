import { z } from 'zod';
import { parseAddress } from '#kernel/input/address.js';
import { invalidField } from '#kernel/errors/errors.js';
import { CsvReader, type CsvRow } from './csv-reader.js';
import { ENCODINGS } from './encoding.js';

/** What may stand between cells, the likeliest first. */
export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** How a file is written. */
export const dialect = z
  .object({
    encoding: z.enum(ENCODINGS),
    delimiter: z.enum(DELIMITERS),
    /** Records before the first reader: the names of the columns, and Excel's `sep=;`. */
    headLines: z.int().min(0).max(2),
  })
  .meta({ id: 'CsvDialect' });
export type Dialect = z.output<typeof dialect>;

/** The beginning of a file. */
export interface Head {
  delimiter: Dialect['delimiter'];
  headLines: number;
  /** Their names; `Column 1` … where the file names none. */
  columns: string[];
  /** The cells of its first readers. */
  samples: string[][];
}

const SAMPLES = 5;
/** Records by which a delimiter is judged. */
const JUDGED = 20;
const LONGEST_NAME = 100;
const SEP_LINE = /^"?sep=([,;\t|])"?\s*$/i;

/**
 * Reads the beginning of a file.
 * @param text its first 64 KB, or all of it
 * @throws DomainError `invalid_input` about `file`: it is empty, or no CSV
 */
export function readHead(text: string, isAll: boolean): Head {
  const [first = ''] = /^[^\r\n]*/.exec(text) ?? [];
  const sep = SEP_LINE.exec(first)?.[1];
  const delimiter = (sep as Head['delimiter'] | undefined) ?? likeliestDelimiter(text, isAll);
  const rows = rowsOf(text, delimiter, isAll).slice(sep ? 1 : 0);
  const header = rows.find(({ problem }) => !problem);
  if (!header) throw invalidField('file', 'empty', 'There is nothing in this file that could be a reader.');
  if (rows[0]?.problem) {
    throw invalidField('file', 'malformed', 'The first line is no CSV: a quotation mark is out of place.');
  }
  const isNamed = !header.cells.some((cell) => typeof parseAddress(cell) !== 'string');
  return {
    delimiter,
    headLines: (sep ? 1 : 0) + (isNamed ? 1 : 0),
    columns: header.cells.map((cell, index) => {
      const name = cell.replaceAll('\0', '').trim().slice(0, LONGEST_NAME);
      return isNamed && name ? name : `Column ${index + 1}`;
    }),
    samples: rows
      .slice(isNamed ? 1 : 0)
      .filter(({ problem }) => !problem)
      .slice(0, SAMPLES)
      .map(({ cells }) => cells),
  };
}

function rowsOf(text: string, delimiter: string, isAll: boolean): CsvRow[] {
  const reader = new CsvReader(delimiter);
  const rows = reader.push(text);
  return isAll ? [...rows, ...reader.end()] : rows;
}

/** The one by which most records have as many cells as the first; of several the one with the most. */
function likeliestDelimiter(text: string, isAll: boolean): Head['delimiter'] {
  const judged = DELIMITERS.map((delimiter) => {
    const rows = rowsOf(text, delimiter, isAll).slice(0, JUDGED);
    const cells = rows[0]?.cells.length ?? 0;
    const alike = rows.filter((row) => row.cells.length === cells).length / (rows.length || 1);
    return { delimiter, score: cells > 1 ? alike * 1_000 + cells : 0 };
  });
  return judged.reduce((best, one) => (one.score > best.score ? one : best)).delimiter;
}
