import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core';
import { id, instant } from './columns.js';
import { publication } from './publication.js';

/** Where articles come from by themselves: RSS, Atom, RDF or JSON Feed. */
export const feed = pgTable(
  'feed',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    /** Follows permanent redirects. */
    url: text().notNull(),
    name: text().notNull(),
    enabled: boolean().notNull().default(true),
    /** Topic ids that each of its articles gets. */
    topics: uuid().array().notNull().default([]),
    /** Topic ids by category, in lower case; null: the category means nothing here. */
    categoryTopics: jsonb().$type<Record<string, string | null>>().notNull().default({}),
    everyMinutes: integer().notNull(),
    /** Of the last answer, for conditional requests. */
    etag: text(),
    lastModified: text(),
    dueAt: instant().notNull(),
    polledAt: instant(),
    succeededAt: instant(),
    /** In a row. */
    failures: integer().notNull().default(0),
    /** In words for the operator; null: the last poll went well. */
    lastError: text(),
    /** What of the last document could not be used. */
    warning: text(),
    /** By the database's clock: until then one process polls it. */
    leaseUntil: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.url), index().on(t.enabled, t.dueAt)],
);
