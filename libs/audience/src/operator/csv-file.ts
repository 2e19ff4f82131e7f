import type { Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';

/** A line longer than this is no subscriber; a quote that is never closed would otherwise fill the memory. */
const MAX_LINE_BYTES = 65_536;

export interface CsvRecord {
  /** Of its last line, from 1. */
  line: number;
  record: string[];
}

/** Reads a CSV file as a stream of records, up to its end or to the first place where it breaks. */
export class CsvFile {
  /** The line where the file stops being CSV: after a bad quotation mark nobody can say where a record ends. */
  brokenAt: number | undefined;

  constructor(private readonly input: Readable) {}

  /** @throws what the input stream fails with */
  async *records(): AsyncGenerator<CsvRecord> {
    const parser = parse({
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // A thrown error would drop good records that are still in the stream's buffer; a skipped one does not.
      skip_records_with_error: true,
      max_record_size: MAX_LINE_BYTES,
    });
    parser.on('skip', (error: CsvError | undefined) => {
      this.brokenAt ??= typeof error?.lines === 'number' ? error.lines : 0;
    });
    this.input.once('error', (error) => parser.destroy(error));
    this.input.pipe(parser);
    try {
      for await (const item of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
        if (this.brokenAt !== undefined && item.info.lines >= this.brokenAt) return;
        yield { line: item.info.lines, record: item.record };
      }
    } finally {
      this.input.unpipe(parser);
      this.input.resume(); // whoever sends the rest must not wait for a reader
    }
  }
}
