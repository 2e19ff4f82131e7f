import type { ImportCounts } from '#database/schema/index.js';
import type { ColumnMapping } from '../formats/fields.js';
import type { FormatName } from '../formats/formats.js';
import type { Dialect } from '../reading/dialect.js';
import type { ImportSettings } from './import.schemas.js';
import type { ImportJob } from './import-job.repository.js';
import type { LeftOut } from './tally.js';

/** An import as the API shows it. */
export interface ImportView {
  id: string;
  status: ImportJob['status'];
  fileName: string;
  fileSize: number;
  format: FormatName;
  dialect: Dialect;
  columns: string[];
  samples: string[][];
  mapping: ColumnMapping[];
  settings: ImportSettings;
  consent: ImportJob['consent'];
  /** What the last dry run found. */
  check: { counts: ImportCounts; firstErrors: LeftOut[]; at: string } | null;
  lines: number;
  /** Of the file's bytes: from 0 to 1. */
  done: number;
  counts: ImportCounts;
  firstErrors: LeftOut[];
  /** Lines in the file of those that were left out. */
  errorLines: number;
  problem: string | null;
  startedBy: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export function importView(job: ImportJob): ImportView {
  return {
    id: job.id,
    status: job.status,
    fileName: job.fileName,
    fileSize: job.fileSize,
    format: job.format as FormatName,
    dialect: job.dialect as Dialect,
    columns: job.columns,
    samples: job.samples ?? [],
    mapping: job.mapping as ColumnMapping[],
    settings: job.settings as ImportSettings,
    consent: job.consent,
    check: job.check as ImportView['check'],
    lines: job.lines,
    done: job.fileSize > 0 ? Math.min(1, job.bytes / job.fileSize) : 0,
    counts: job.counts,
    firstErrors: job.firstErrors as LeftOut[],
    errorLines: job.errorFileId ? job.errorLines : 0,
    problem: job.problem,
    startedBy: job.startedBy,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
  };
}
