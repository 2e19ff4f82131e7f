import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { FileStore } from '../files/file-store.js';
import { readPerson, type Reading } from '../formats/read-person.js';
import type { CsvRow } from '../reading/csv-reader.js';
import type { Dialect } from '../reading/dialect.js';
import { fileRows } from '../reading/file-rows.js';
import { ErrorFile } from './error-file.js';
import { Forecast } from './forecast.js';
import type { GoneReader } from './gone-batch.js';
import { ImportJobRepository, type ImportJob } from './import-job.repository.js';
import { ImportWriter, type Surroundings } from './import-writer.js';
import type { ImportRow } from '../../operator/import-row.js';
import { Seen } from './seen.js';
import { NO_COUNTS, Tally } from './tally.js';

/** Records that are written in one transaction. */
const BATCH = 500;
/** Records that were done before are read over; the claim is renewed so often. */
const RENEWED_EVERY = 20_000;

interface Progress {
  lines: number;
  bytes: number;
}

/** Another process has it, or an operator cancelled it. */
class ClaimLost extends Error {}

const PROBLEMS = {
  quotation: 'A quotation mark is out of place or never closed.',
  too_long: 'The line is longer than 64 KB, or has more than 500 cells.',
} as const;

/**
 * Works on an import: checks its lines, or takes them in. Each batch is one transaction with the count of the lines that are done, so a
 * process that dies costs nothing and doubles nothing: the next one reads over what is done and goes on.
 */
@Injectable()
export class ImportRunner {
  constructor(
    private readonly database: Database,
    private readonly jobs: ImportJobRepository,
    private readonly files: FileStore,
    private readonly writer: ImportWriter,
    private readonly forecast: Forecast,
    private readonly errors: ErrorFile,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * @param signal aborted: the batch that is begun is written, and the rest left to the next process
   * @throws what the database throws; the import stays as it is, and is tried again
   */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const claim = await this.jobs.claim(id, newId(), this.config.leaseMs);
    if (!claim) return;
    try {
      await this.work(claim, signal);
    } catch (error) {
      if (error instanceof ClaimLost) return;
      await this.jobs.settle(this.database.db, claim, {}).catch(() => false); // the lease will run out
      throw error;
    }
  }

  private async work(claim: ImportJob, signal: AbortSignal): Promise<void> {
    const isDry = claim.status === 'checking';
    const file = claim.fileId && (await this.files.find(claim.publicationId, claim.fileId));
    if (!file) {
      await this.end(claim, { status: 'failed', problem: 'The file is no longer there; upload it again.' });
      return;
    }
    // What a dry run has seen is in no table: it begins anew.
    const start = isDry ? { ...claim, lines: 0, bytes: 0, counts: NO_COUNTS, firstErrors: [] } : claim;
    const around = await this.writer.surroundings(start);
    let tally = new Tally(start.counts, start.firstErrors);
    const seen = new Seen();
    let [lines, bytes] = [0, 0];
    const pieces = this.counted(file.id, (length) => (bytes += length));
    for await (const batch of batches(fileRows(pieces, start.dialect as Dialect))) {
      const before = lines;
      lines += batch.length;
      if (lines <= start.lines) {
        if (Math.floor(lines / RENEWED_EVERY) > Math.floor(before / RENEWED_EVERY)) await this.renew(claim);
        continue;
      }
      // A batch may end elsewhere than the one that was written: what is done is counted in records.
      const rows = batch.slice(Math.max(0, start.lines - before));
      const progress = { lines, bytes: Math.min(bytes, start.fileSize) };
      tally = isDry
        ? await this.judge(start, around, rows, seen, tally, progress)
        : await this.write(start, around, rows, tally, progress);
      if (signal.aborted) {
        await this.jobs.settle(this.database.db, claim, {});
        return;
      }
    }
    // Pieces that are gone look like the end of the file.
    if (bytes < start.fileSize) throw new Error('The stored file of an import has lost a piece.');
    await this.finish(start, tally, isDry);
  }

  private async *counted(fileId: string, count: (bytes: number) => void): AsyncGenerator<Buffer> {
    for await (const piece of this.files.read(fileId)) {
      count(piece.length);
      yield piece;
    }
  }

  private async renew(claim: ImportJob): Promise<void> {
    if (!(await this.jobs.advance(this.database.db, claim, this.config.leaseMs))) throw new ClaimLost();
  }

  private async judge(
    job: ImportJob,
    { publication, reading }: Surroundings,
    batch: readonly CsvRow[],
    seen: Seen,
    before: Tally,
    progress: Progress,
  ): Promise<Tally> {
    const tally = before.next();
    const { rows, gone } = sorted(reading, batch, tally);
    await this.forecast.judge(publication.id, rows, gone, seen, tally);
    await this.advance(this.database.db, job, tally, progress);
    return tally;
  }

  private async write(
    job: ImportJob,
    around: Surroundings,
    batch: readonly CsvRow[],
    before: Tally,
    progress: Progress,
  ): Promise<Tally> {
    const readings = before.next();
    const { rows, gone } = sorted(around.reading, batch, readings);
    await this.writer.prepare(around, rows);
    return this.database.transaction(async (tx) => {
      const tally = readings.copy(); // a transaction may be run once more
      await this.writer.write(tx, around, rows, gone, tally);
      const errors = await this.errors.append(tx, job, batch, tally.left());
      await this.advance(tx, job, tally, { ...progress, ...errors });
      Object.assign(job, errors);
      return tally;
    });
  }

  private async advance(
    tx: Executor,
    job: ImportJob,
    { counts, firstErrors }: Tally,
    progress: Partial<ImportJob>,
  ): Promise<void> {
    const change = { ...progress, counts, firstErrors };
    if (!(await this.jobs.advance(tx, job, this.config.leaseMs, change))) throw new ClaimLost();
  }

  private async finish(job: ImportJob, tally: Tally, isDry: boolean): Promise<void> {
    const { counts, firstErrors } = tally;
    if (isDry) {
      const check = { counts, firstErrors, at: this.clock.now().toISOString() };
      const clean = { lines: 0, bytes: 0, counts: NO_COUNTS, firstErrors: [] };
      await this.jobs.settle(this.database.db, job, { status: 'checked', check, ...clean });
      return;
    }
    await this.end(job, { status: 'done', bytes: job.fileSize });
    this.log.info('readers were imported', { importId: job.id, ...counts, reasons: undefined });
  }

  /** Of the file nothing stays but the lines that were left out. */
  private async end(job: ImportJob, change: Partial<ImportJob>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const finishedAt = this.clock.now();
      const isOurs = await this.jobs.settle(tx, job, { ...change, finishedAt, samples: null, fileId: null });
      if (!isOurs) throw new ClaimLost();
      if (job.fileId) await this.files.remove(tx, job.fileId);
      if (job.errorFileId) await this.errors.finish(tx, job.errorFileId);
    });
  }
}

/** Records as they are to be written, those that cannot be left out. */
function sorted(
  reading: Reading,
  batch: readonly CsvRow[],
  tally: Tally,
): { rows: ImportRow[]; gone: GoneReader[] } {
  const [rows, gone]: [ImportRow[], GoneReader[]] = [[], []];
  for (const { line, cells, problem } of batch) {
    if (problem) {
      tally.fail(line, [{ field: 'line', code: problem, message: PROBLEMS[problem] }]);
      continue;
    }
    const person = readPerson(reading, cells, line);
    if (person.kind === 'reader') rows.push(person.row);
    else if (person.kind === 'gone') gone.push(person);
    else if (person.kind === 'skipped') tally.skip(line, person.code);
    else tally.fail(line, person.errors);
  }
  return { rows, gone };
}

async function* batches(slices: AsyncIterable<CsvRow[]>): AsyncGenerator<CsvRow[]> {
  let waiting: CsvRow[] = [];
  for await (const rows of slices) {
    for (const row of rows) {
      waiting.push(row);
      if (waiting.length < BATCH) continue;
      yield waiting;
      waiting = [];
    }
  }
  if (waiting.length > 0) yield waiting;
}
