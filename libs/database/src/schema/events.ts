import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { instant } from './columns.js';

/**
 * What happened, for operators who look on: written by triggers in the transaction of what happened, kept for an hour. Ids only, no
 * words and no addresses.
 */
export const eventFeed = pgTable(
  'event_feed',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    /**
     * Its place in the feed, without gaps: given when it is first read, one reader at a time, so that nothing is ever committed behind what
     * somebody has read. Null: not yet.
     */
    seq: bigint({ mode: 'number' }),
    publicationId: uuid().notNull(),
    event: text().notNull(),
    /** The id of what it is about. */
    subject: text().notNull(),
    at: instant().notNull().defaultNow(),
  },
  (t) => [
    index('event_feed_seq').on(t.seq),
    index('event_feed_news')
      .on(t.id)
      .where(sql`seq IS NULL`),
  ],
);
