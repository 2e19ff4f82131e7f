import { bigint, boolean, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { bytes, id, instant } from '../columns.js';
import { publication } from '../publication.js';

/** A file in pieces, so that any process can read it and none has to hold it. Gone after {@link storedFile.expiresAt}. */
export const storedFile = pgTable(
  'stored_file',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    /** Of all its pieces. */
    size: bigint({ mode: 'number' }).notNull().default(0),
    /** False while it is being written. */
    isWhole: boolean().notNull().default(false),
    expiresAt: instant().notNull(),
    createdAt: instant().notNull(),
  },
  (t) => [index().on(t.expiresAt)],
);

export const storedPiece = pgTable(
  'stored_piece',
  {
    fileId: uuid()
      .notNull()
      .references(() => storedFile.id, { onDelete: 'cascade' }),
    number: integer().notNull(),
    data: bytes().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.number] })],
);

export const IMPORT_STATES = [
  'ready',
  'checking',
  'checked',
  'running',
  'done',
  'cancelled',
  'failed',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** What came of the lines so far. `skipped` and `failed` are told apart by code in `reasons`. */
export interface ImportCounts {
  made: number;
  updated: number;
  suppressed: number;
  skipped: number;
  failed: number;
  reasons: Record<string, number>;
}

/** A file of readers that is to be taken in, or was. The lines done and what came of them are written in one transaction. */
export const readerImport = pgTable(
  'reader_import',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    status: text({ enum: IMPORT_STATES }).notNull(),
    fileName: text().notNull(),
    /** Bytes of the file. */
    fileSize: bigint({ mode: 'number' }).notNull(),
    /** Null: it was taken in, or is too old. */
    fileId: uuid().references(() => storedFile.id, { onDelete: 'set null' }),
    /** How it is written: encoding, delimiter, whether its first line names the columns. */
    dialect: jsonb().$type<unknown>().notNull(),
    /** What wrote it: `mailchimp`, `csv` … */
    format: text().notNull(),
    columns: text().array().notNull(),
    /** The cells of its first lines; null once it was taken in. */
    samples: jsonb().$type<string[][]>(),
    /** For each column what it is taken for. */
    mapping: jsonb().$type<unknown>().notNull(),
    settings: jsonb().$type<unknown>().notNull(),
    /** The operator's statement of how these readers gave their consent. */
    consent: jsonb().$type<{ source: string; where?: string; at?: string }>(),
    /** What the last dry run found. */
    check: jsonb().$type<unknown>(),
    /** Lines and bytes that are done, in this run or dry run. */
    lines: integer().notNull().default(0),
    bytes: bigint({ mode: 'number' }).notNull().default(0),
    counts: jsonb().$type<ImportCounts>().notNull(),
    /** The first that were wrong. */
    firstErrors: jsonb().$type<unknown[]>().notNull().default([]),
    errorFileId: uuid().references(() => storedFile.id, { onDelete: 'set null' }),
    errorLines: integer().notNull().default(0),
    errorPieces: integer().notNull().default(0),
    /** Why it failed, in words for the operator. */
    problem: text(),
    startedBy: text(),
    /** By the database's clock: until then one process works on it. */
    leaseUntil: instant(),
    leaseToken: uuid(),
    createdAt: instant().notNull(),
    startedAt: instant(),
    finishedAt: instant(),
  },
  (t) => [index().on(t.publicationId, t.id), index().on(t.status, t.leaseUntil)],
);

export const EXPORT_STATES = ['running', 'done', 'cancelled', 'failed'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** A file of readers that is being written, or was. */
export const readerExport = pgTable(
  'reader_export',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    status: text({ enum: EXPORT_STATES }).notNull(),
    /** As the API takes it. */
    filter: jsonb().$type<Record<string, never>>().notNull(),
    columns: text().array().notNull(),
    fileId: uuid().references(() => storedFile.id, { onDelete: 'set null' }),
    /** The last reader that is in the file. */
    afterId: uuid(),
    pieces: integer().notNull().default(0),
    lines: integer().notNull().default(0),
    problem: text(),
    startedBy: text(),
    leaseUntil: instant(),
    leaseToken: uuid(),
    createdAt: instant().notNull(),
    finishedAt: instant(),
  },
  (t) => [index().on(t.publicationId, t.id), index().on(t.status, t.leaseUntil)],
);
