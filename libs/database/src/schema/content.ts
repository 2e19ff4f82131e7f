import { index, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { id, instant } from './columns.js';
import { publication, topic } from './publication.js';

export const article = pgTable(
  'article',
  {
    id: id(),
    publicationId: uuid()
      .notNull()
      .references(() => publication.id),
    slug: text().notNull(),
    /** Where the story lives; null: on this site, at /a/:slug. */
    url: text(),
    title: text().notNull(),
    /** As it was given, in the given format. */
    source: text().notNull(),
    format: text({ enum: ['markdown', 'html', 'text'] }).notNull(),
    /** Sanitised. */
    html: text().notNull(),
    text: text().notNull(),
    summary: text().notNull(),
    author: text(),
    imageUrl: text(),
    publishedAt: instant().notNull(),
    embargoUntil: instant(),
    retractedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique().on(t.publicationId, t.slug),
    unique().on(t.publicationId, t.url),
    index().on(t.publicationId, t.publishedAt),
  ],
);

export const articleTopic = pgTable(
  'article_topic',
  {
    articleId: uuid()
      .notNull()
      .references(() => article.id, { onDelete: 'cascade' }),
    topicId: uuid()
      .notNull()
      .references(() => topic.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.articleId, t.topicId] }), index().on(t.topicId)],
);
