import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import type { Executor } from '#database/database.js';
import { guardCell } from '../../operator/csv-cell.js';
import { FileStore } from '../files/file-store.js';
import { REPORT_COLUMNS } from '../formats/formats.js';
import type { CsvRow } from '../reading/csv-reader.js';
import type { ImportJob } from './import-job.repository.js';
import type { LeftOut } from './tally.js';

/** Lines that are kept: a file in which more is wrong has one fault in all of them. */
const MOST_KEPT = 100_000;
/** A week to mend them; they hold addresses, so no longer. */
export const KEPT_MS = 7 * 86_400_000;

/** The lines of an import that were left out, each with its reason: mended, the file can be imported. */
@Injectable()
export class ErrorFile {
  constructor(private readonly files: FileStore) {}

  /** @returns what of the import changes by it */
  async append(
    tx: Executor,
    job: ImportJob,
    batch: readonly CsvRow[],
    left: readonly LeftOut[],
  ): Promise<Pick<ImportJob, 'errorFileId' | 'errorLines' | 'errorPieces'>> {
    const { errorLines, errorPieces } = job;
    const kept = left.slice(0, Math.max(0, MOST_KEPT - errorLines));
    if (kept.length === 0) return { errorFileId: job.errorFileId, errorLines, errorPieces };
    const cells = new Map(batch.map((row) => [row.line, row.cells]));
    const lines = kept.map(({ line, code, message }) => [
      ...job.columns.map((_, index) => cells.get(line)?.[index] ?? ''),
      String(line),
      `${code}: ${message}`,
    ]);
    const isFirst = job.errorFileId === null;
    const errorFileId = job.errorFileId ?? (await this.files.begin(tx, job.publicationId, KEPT_MS));
    const rows = isFirst ? [[...job.columns, ...REPORT_COLUMNS], ...lines] : lines;
    const text = stringify(
      rows.map((row) => row.map(guardCell)),
      { record_delimiter: 'windows' },
    );
    await this.files.append(tx, errorFileId, errorPieces, Buffer.from(text));
    return { errorFileId, errorLines: errorLines + kept.length, errorPieces: errorPieces + 1 };
  }

  async finish(tx: Executor, id: string): Promise<void> {
    await this.files.finish(tx, id, KEPT_MS);
  }
}
