import { z } from 'zod';
import { columnMapping } from '#audience/transfer/formats/fields.js';
import { FORMATS } from '#audience/transfer/formats/formats.js';
import { importSettings, importStates } from '#audience/transfer/imports/import.schemas.js';
import { exportStates } from '#audience/transfer/exports/export.schemas.js';
import { dialect } from '#audience/transfer/reading/dialect.js';
import { count, id, instant, orNull } from '../common.js';

const importCounts = z
  .object({
    made: count.describe('Readers who are new.'),
    updated: count.describe('Lines about readers who are here.'),
    suppressed: count.describe('Addresses that are never mailed from now on.'),
    skipped: count.describe('Lines that are right, of readers who are not taken in.'),
    failed: count.describe('Lines that are wrong.'),
    reasons: z.record(z.string(), count).describe('Of the last two, by code.'),
  })
  .meta({ id: 'ImportCounts' });

const importError = z
  .object({ line: z.int(), field: z.string(), code: z.string(), message: z.string() })
  .meta({ id: 'ImportError' });

const settingsView = importSettings.extend({ locale: orNull(z.string()) }).meta({ id: 'ImportSettings' });

export const importView = z
  .object({
    id,
    status: importStates.describe(
      '`ready` for a dry run or the start; `checking` is a dry run; `checked`: it is over; then `running`.',
    ),
    fileName: z.string(),
    fileSize: count.describe('Bytes.'),
    format: z.enum(FORMATS).describe('What wrote the file, by its columns; `csv`: nobody known.'),
    dialect,
    columns: z.array(z.string()),
    samples: z.array(z.array(z.string())).describe('The first lines; empty once it is over.'),
    mapping: z.array(columnMapping).describe('For each column.'),
    settings: settingsView,
    consent: orNull(z.object({ source: z.string(), where: z.string().optional(), at: instant.optional() })),
    check: orNull(
      z.object({ counts: importCounts, firstErrors: z.array(importError), at: instant }),
    ).describe('What the last dry run found.'),
    lines: count.describe('That are done.'),
    done: z.number().min(0).max(1).describe('Share of the file.'),
    counts: importCounts,
    firstErrors: z.array(importError).describe('The first 100.'),
    errorLines: count.describe('Lines in the file of errors; 0: there is none.'),
    problem: orNull(z.string()),
    startedBy: orNull(z.string()),
    createdAt: instant,
    startedAt: orNull(instant),
    finishedAt: orNull(instant),
  })
  .meta({ id: 'Import' });

export const exportView = z
  .object({
    id,
    status: exportStates,
    filter: z.record(z.string(), z.unknown()),
    columns: z.array(z.string()),
    lines: count.describe('Readers in the file.'),
    problem: orNull(z.string()),
    startedBy: orNull(z.string()),
    createdAt: instant,
    finishedAt: orNull(instant),
    fileUntil: orNull(instant).describe('Until when the file can be had; null: it cannot.'),
  })
  .meta({ id: 'Export' });
