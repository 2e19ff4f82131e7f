import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { subscriber } from './audience.js';
import { id, instant } from './columns.js';
import { publication } from './publication.js';

export const BULK_ACTIONS = ['unsubscribe', 'suppress', 'add_digest', 'remove_digest'] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

export const BULK_STATES = ['waiting', 'running', 'done', 'cancelled', 'undoing', 'undone'] as const;
export type BulkState = (typeof BULK_STATES)[number];

/** What an operator does to many readers at once, and how far it is. */
export const readerBulk = pgTable(
  'reader_bulk',
  {
    /** Readers with a greater id came after it was asked for. */
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    action: text({ enum: BULK_ACTIONS }).notNull(),
    digestId: uuid(),
    /** Which readers, and the statement of their consent; null once it has ended: a word that was looked for may be part of an address. */
    task: jsonb().$type<unknown>(),
    state: text({ enum: BULK_STATES }).notNull(),
    /** Readers who were meant when it was asked for. */
    matched: integer().notNull(),
    /** Those of them who would have been changed then. */
    expected: integer().notNull(),
    changed: integer().notNull().default(0),
    /** Readers who were left as they are, by the reason. */
    skipped: jsonb().$type<Record<string, number>>().notNull().default({}),
    undone: integer().notNull().default(0),
    /** The last reader it has come to. */
    cursor: uuid(),
    /** Name of the operator or key. */
    madeBy: text().notNull(),
    /** Until then it can be called off as if it had never been. */
    beginsAt: instant().notNull(),
    createdAt: instant().notNull(),
    finishedAt: instant(),
  },
  (t) => [index().on(t.publicationId, t.id)],
);

/** What a reader was before, so that it can be undone; kept for a week. */
export const readerBulkChange = pgTable(
  'reader_bulk_change',
  {
    bulkId: uuid()
      .notNull()
      .references(() => readerBulk.id, { onDelete: 'cascade' }),
    subscriberId: uuid()
      .notNull()
      .references(() => subscriber.id, { onDelete: 'cascade' }),
    before: jsonb().$type<unknown>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.bulkId, t.subscriberId] }), index().on(t.subscriberId)],
);
