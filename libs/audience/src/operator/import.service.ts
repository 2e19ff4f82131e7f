import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { invalidField, type FieldError } from '#kernel/errors/errors.js';
import { Choices } from '../choices/choices.js';
import { CsvFile } from './csv-file.js';
import { ImportBatch } from './import-batch.js';
import { readHeader, readRow, type ImportRow } from './import-row.js';
import { localDay } from '../choices/pause.js';
import { PublicationService } from '../publication/publication.service.js';
import type { ConsentStatement } from './subscriber.schemas.js';
import { TermsService, type Terms } from '../publication/terms.service.js';

const BATCH = 500;
const MAX_ERRORS = 100;

export interface ImportError extends FieldError {
  line: number;
}

export interface ImportReport {
  imported: number;
  updated: number;
  skipped: number;
  /** Why lines were skipped, counted by code: `suppressed`, `unsubscribed`, `invalid` … */
  reasons: Record<string, number>;
  /** The first 100. */
  errors: ImportError[];
  /** False: the file broke off at the last error; the lines before it are in. */
  complete: boolean;
}

/**
 * Imports subscribers from CSV, in a stream: memory does not grow with the file. Each batch of 500 is one transaction,
 * so a file may be sent again after a break. Nobody who left, and no suppressed address, is ever brought back.
 */
@Injectable()
export class ImportService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly terms: TermsService,
    private readonly choices: Choices,
    private readonly batch: ImportBatch,
    private readonly clock: Clock,
  ) {}

  /**
   * @param input UTF-8; the first line names the columns (see IMPORT_COLUMNS). Lists are separated by semicolons.
   * @param consent how all of these people gave their consent. Null: nobody did so
   *   far, so they come in as pending and each gets the confirmation mail
   * @throws DomainError `invalid_input` about the header, before anything is written
   */
  async importCsv(input: Readable, consent: ConsentStatement | null = null): Promise<ImportReport> {
    const publication = await this.publications.current();
    const offer = await this.choices.offer(publication.id);
    const today = localDay(this.clock.now(), publication.timeZone);
    const termsOf = new Map<string, Terms>();
    const report: ImportReport = {
      imported: 0,
      updated: 0,
      skipped: 0,
      reasons: {},
      errors: [],
      complete: true,
    };
    const flush = async (rows: ImportRow[]) => {
      for (const locale of new Set(rows.map((row) => row.locale ?? publication.locale))) {
        if (!termsOf.has(locale)) termsOf.set(locale, await this.terms.current(locale));
      }
      const outcome = await this.database.transaction((tx) =>
        this.batch.write(tx, { rows, publication, offer, consent, termsOf, now: this.clock.now() }),
      );
      report.imported += outcome.imported;
      report.updated += outcome.updated;
      for (const { code } of outcome.skipped) skip(report, code);
    };

    let columns: ReturnType<typeof readHeader> | undefined;
    let rows: ImportRow[] = [];
    const file = new CsvFile(input);
    for await (const { line, record } of file.records()) {
      if (!columns) {
        columns = readHeader(record);
        continue;
      }
      const row = readRow(columns, record, line, offer, today, consent !== null);
      if (Array.isArray(row)) {
        fail(
          report,
          row.map((error) => ({ ...error, line })),
        );
        continue;
      }
      rows.push(row);
      if (rows.length >= BATCH) {
        await flush(rows);
        rows = [];
      }
    }
    if (!columns)
      throw invalidField('file', file.brokenAt ? 'malformed' : 'empty', 'This is no CSV file with a header.');
    if (rows.length > 0) await flush(rows);
    if (file.brokenAt !== undefined) {
      const message = 'A quotation mark is out of place or never closed; mend it and send the file again.';
      fail(report, [{ line: file.brokenAt, field: 'line', code: 'malformed', message }]);
      report.complete = false;
    }
    return report;
  }
}

function skip(report: ImportReport, code: string): void {
  report.skipped += 1;
  report.reasons[code] = (report.reasons[code] ?? 0) + 1;
}

/** One line is at fault, for one reason or several. */
function fail(report: ImportReport, errors: ImportError[]): void {
  skip(report, 'invalid');
  report.errors.push(...errors.slice(0, MAX_ERRORS - report.errors.length));
}
