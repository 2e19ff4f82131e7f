import { sql } from 'drizzle-orm';
import { boolean, index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { id, instant } from './columns.js';
import { feed } from './feed.js';
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
    /** Imported and not yet reviewed: neither shown nor sent. */
    draft: boolean().notNull().default(false),
    /** When it stopped being a draft. */
    releasedAt: instant().notNull().defaultNow(),
    /** When it became something that can be sent: what came to us late is news all the same. */
    newsAt: instant().generatedAlwaysAs(
      sql`greatest(released_at, published_at, coalesce(embargo_until, published_at))`,
    ),
    /** Among the stories of an edition the higher comes first. */
    priority: integer().notNull().default(0),
    /** Goes at once to those who asked for alerts. */
    breaking: boolean().notNull().default(false),
    /** What was wrong in it, in the operator's words. */
    correction: text(),
    correctedAt: instant(),
    /** The feed it came with, and whose changes it follows. */
    feedId: uuid().references(() => feed.id, { onDelete: 'set null' }),
    /** Its feed changed the story after readers had it, or after an operator did: the change was not taken over. */
    sourceChangedAt: instant(),
    createdAt: instant().notNull().defaultNow(),
    updatedAt: instant().notNull().defaultNow(),
  },
  (t) => [
    unique().on(t.publicationId, t.slug),
    unique().on(t.publicationId, t.url),
    index().on(t.publicationId, t.publishedAt),
    index().on(t.publicationId, t.newsAt),
    index().on(t.feedId),
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

/** An entry of a feed that was seen once. Without an article: from before the feed was added, or deleted since. */
export const feedEntry = pgTable(
  'feed_entry',
  {
    id: id(),
    feedId: uuid()
      .notNull()
      .references(() => feed.id, { onDelete: 'cascade' }),
    /** SHA-256 of its GUID; null: it has none, or one that it shares with others. */
    guidHash: text(),
    /** SHA-256 of its canonical URL. */
    urlHash: text(),
    articleId: uuid().references(() => article.id, { onDelete: 'set null' }),
    /** Of all that the article was made of, and of what came after it and was refused: see entry-memory.ts. */
    contentHash: text().notNull(),
    /** The article's `updatedAt` when this entry last wrote it: another one says that an operator has changed it. */
    appliedAt: instant(),
    firstSeenAt: instant().notNull(),
  },
  (t) => [unique().on(t.feedId, t.guidHash), index().on(t.feedId, t.urlHash), index().on(t.articleId)],
);
