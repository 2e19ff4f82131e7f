import { boolean, index, integer, jsonb, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { article } from './content.js';
import { id, instant } from './columns.js';
import { publication } from './publication.js';

export const digest = pgTable(
  'digest',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    slug: text().notNull(),
    name: text().notNull(),
    template: text().notNull().default('digest'),
    /** Liquid; null: the lead article's title. */
    subject: text(),
    /** Topic ids; null: every topic. */
    topics: uuid().array(),
    isDefault: boolean().notNull().default(false),
    minArticles: integer().notNull().default(1),
    maxArticles: integer().notNull().default(20),
    archivedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [unique().on(t.publicationId, t.slug)],
);

export const EDITION_STATUSES = [
  'draft',
  'scheduled',
  'preparing',
  'sending',
  'paused',
  'sent',
  'cancelled',
  'failed',
] as const;
export type EditionStatus = (typeof EDITION_STATUSES)[number];

/** How fast an edition goes out. */
export interface Forecast {
  /** RFC 3339. */
  at: string;
  /** Recipients without an outcome then. */
  open: number;
  /** Outcomes a second, lately; null: not known. */
  perSecond: number | null;
}

export const edition = pgTable(
  'edition',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    digestId: uuid()
      .notNull()
      .references(() => digest.id),
    slug: text().notNull(),
    status: text({ enum: EDITION_STATUSES }).notNull(),
    /** Liquid; null: the digest's. */
    subject: text(),
    sendAt: instant(),
    /** By when the last message should be accepted; null: no matter. */
    deadline: instant(),
    /** When the last message will be accepted, as far as one can tell. */
    predictedFinishAt: instant(),
    /** What the prediction was made from. */
    forecast: jsonb().$type<Forecast>(),
    /** Since when it is known that the deadline will be missed. */
    lateSince: instant(),
    /** Why it is paused or failed, in words for the operator. */
    statusReason: text(),
    recipients: integer().notNull().default(0),
    batches: integer().notNull().default(0),
    warnings: text().array().notNull().default([]),
    startedAt: instant(),
    finishedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique().on(t.publicationId, t.slug),
    index().on(t.publicationId, t.id),
    index().on(t.status, t.sendAt),
    index().on(t.digestId),
  ],
);

export const editionArticle = pgTable(
  'edition_article',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    articleId: uuid()
      .notNull()
      .references(() => article.id),
    position: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.articleId] }), index().on(t.articleId)],
);

/** The frozen content of an edition in one locale: the compiled shell and one fragment per article. */
export const editionContent = pgTable(
  'edition_content',
  {
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    locale: text().notNull(),
    content: jsonb().$type<unknown>().notNull(),
    createdAt: instant().notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.editionId, t.locale] })],
);

/** What one group of readers gets: a locale and an ordered set of articles. Its bytes follow from edition_content. */
export const variant = pgTable(
  'variant',
  {
    id: id(),
    editionId: uuid()
      .notNull()
      .references(() => edition.id, { onDelete: 'cascade' }),
    locale: text().notNull(),
    articleIds: uuid().array().notNull(),
  },
  (t) => [unique().on(t.editionId, t.locale, t.articleIds)],
);
