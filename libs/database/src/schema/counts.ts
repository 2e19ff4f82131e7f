import { bigint, index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { edition } from './digest.js';

/*
 * Counts that are kept as rows change. Triggers add to the tables `…_delta`, whoever changes the rows and by whatever statement; the
 * tick folds these. What is asked for is both added up, in one statement: exact at every moment.
 */

/** By what readers are counted, besides their status. Of `topic` the key is `digest/topic`: who chose it, and in which digest. */
export const READER_DIMENSIONS = ['status', 'locale', 'source', 'digest', 'topic'] as const;
export type ReaderDimension = (typeof READER_DIMENSIONS)[number];

const readerKey = () => ({
  publicationId: uuid().notNull(),
  dimension: text({ enum: READER_DIMENSIONS }).notNull(),
  /** `''` of the status alone. */
  key: text().notNull(),
  status: text().notNull(),
});

/** What came to the counts of readers, or left them. */
export const readerCountDelta = pgTable('reader_count_delta', {
  id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  ...readerKey(),
  n: integer().notNull(),
});

/** How many readers of a status have a language, came from somewhere, get a digest, chose a topic. */
export const readerCount = pgTable('reader_count', { ...readerKey(), n: integer().notNull() }, (t) => [
  primaryKey({ columns: [t.publicationId, t.dimension, t.key, t.status] }),
]);

const deliveryStates = () => ({
  queued: integer().notNull().default(0),
  claimed: integer().notNull().default(0),
  accepted: integer().notNull().default(0),
  deferred: integer().notNull().default(0),
  failed: integer().notNull().default(0),
  suppressed: integer().notNull().default(0),
  expired: integer().notNull().default(0),
  uncertain: integer().notNull().default(0),
});

/** What came to the states of an edition's deliveries, or left them: a row for each statement that moved some. */
export const editionCountDelta = pgTable(
  'edition_count_delta',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    editionId: uuid().notNull(),
    ...deliveryStates(),
  },
  (t) => [index().on(t.editionId)],
);

/** How many deliveries of an edition are in which state, without what still lies in `edition_count_delta`. */
export const editionCount = pgTable('edition_count', {
  editionId: uuid()
    .primaryKey()
    .references(() => edition.id, { onDelete: 'cascade' }),
  ...deliveryStates(),
});

const outcomeKey = () => ({
  /** What became of a try: `accepted`, `deferred`, `failed`, `expired`, `uncertain`. */
  status: text().notNull(),
  /** `hard`, `soft`, `blocked`; `none`: nothing was refused. */
  class: text().notNull(),
  /** The server's reply code; 0: it said none. */
  code: integer().notNull(),
  /** The server's words without addresses, names of hosts and numbers of its own; `''` of what was accepted. */
  words: text().notNull(),
  /** The recipients' mail provider; `other`. */
  provider: text().notNull(),
});

/** Outcomes of tries, written in the statement that writes these. */
export const editionOutcomeDelta = pgTable(
  'edition_outcome_delta',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
    editionId: uuid().notNull(),
    ...outcomeKey(),
    n: integer().notNull(),
  },
  (t) => [index().on(t.editionId)],
);

/** Outcomes of an edition by reply and provider, without what still lies in `edition_outcome_delta`. */
export const editionOutcome = pgTable(
  'edition_outcome',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    ...outcomeKey(),
    n: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.status, t.class, t.code, t.words, t.provider] })],
);
