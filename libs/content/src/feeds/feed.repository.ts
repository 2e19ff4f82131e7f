import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, inArray, isNull, lt, lte, or, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { feed, feedEntry, topic } from '#database/schema/index.js';
import type { TopicRef } from '../articles/topic-lookup.js';

export type FeedRow = typeof feed.$inferSelect;
export type NewFeed = typeof feed.$inferInsert;
export type FeedEntryRow = typeof feedEntry.$inferSelect;
export type NewFeedEntry = typeof feedEntry.$inferInsert;

/** PostgreSQL takes 65,535 parameters in a statement. */
const CHUNK = 1_000;

/** Feeds and what was seen in them, in the database. */
@Injectable()
export class FeedRepository {
  /** @returns false when there is a feed of that URL */
  async insertUnlessTaken(tx: Executor, row: NewFeed): Promise<boolean> {
    const rows = await tx.insert(feed).values(row).onConflictDoNothing().returning({ id: feed.id });
    return rows.length === 1;
  }

  async findById(db: Executor, publicationId: string, id: string): Promise<FeedRow | undefined> {
    const [row] = await db
      .select()
      .from(feed)
      .where(and(eq(feed.publicationId, publicationId), eq(feed.id, id)));
    return row;
  }

  async findIdByUrl(db: Executor, publicationId: string, url: string): Promise<string | undefined> {
    const [row] = await db
      .select({ id: feed.id })
      .from(feed)
      .where(and(eq(feed.publicationId, publicationId), eq(feed.url, url)));
    return row?.id;
  }

  /** Newest first. */
  async page(db: Executor, publicationId: string, limit: number, before?: string): Promise<FeedRow[]> {
    return db
      .select()
      .from(feed)
      .where(and(eq(feed.publicationId, publicationId), before ? lt(feed.id, before) : undefined))
      .orderBy(desc(feed.id))
      .limit(limit);
  }

  async update(tx: Executor, id: string, changes: Partial<NewFeed>): Promise<void> {
    await tx.update(feed).set(changes).where(eq(feed.id, id));
  }

  /** Ends a poll. What it found is of no use when the URL was changed meanwhile; the feed is set free anyway. */
  async finish(db: Executor, { id, url }: FeedRow, changes: Partial<NewFeed>): Promise<void> {
    const done = await db
      .update(feed)
      .set({ ...changes, leaseUntil: null })
      .where(and(eq(feed.id, id), eq(feed.url, url)))
      .returning({ id: feed.id });
    if (done.length === 0) await this.update(db, id, { leaseUntil: null });
  }

  async delete(tx: Executor, publicationId: string, id: string): Promise<boolean> {
    const rows = await tx
      .delete(feed)
      .where(and(eq(feed.publicationId, publicationId), eq(feed.id, id)))
      .returning({ id: feed.id });
    return rows.length === 1;
  }

  /** Ids of feeds that are due, longest due first. */
  async due(db: Executor, now: Date, limit: number): Promise<string[]> {
    const rows = await db
      .select({ id: feed.id })
      .from(feed)
      .where(and(eq(feed.enabled, true), lte(feed.dueAt, now)))
      .orderBy(asc(feed.dueAt))
      .limit(limit);
    return rows.map((row) => row.id);
  }

  /** Takes a feed for one poll. @returns undefined when another process polls it, or it is no more */
  async claim(db: Executor, id: string, leaseMs: number): Promise<FeedRow | undefined> {
    const [row] = await db
      .update(feed)
      .set({ leaseUntil: sql`clock_timestamp() + ${leaseMs} * interval '1 millisecond'` })
      .where(and(eq(feed.id, id), or(isNull(feed.leaseUntil), lt(feed.leaseUntil, sql`clock_timestamp()`))))
      .returning();
    return row;
  }

  /** Entries known by one of these hashes. */
  async knownEntries(
    db: Executor,
    feedId: string,
    guidHashes: readonly string[],
    urlHashes: readonly string[],
  ): Promise<FeedEntryRow[]> {
    const found: FeedEntryRow[] = [];
    for (const [column, hashes] of [
      [feedEntry.guidHash, guidHashes],
      [feedEntry.urlHash, urlHashes],
    ] as const) {
      for (let at = 0; at < hashes.length; at += CHUNK) {
        const some = hashes.slice(at, at + CHUNK);
        found.push(
          ...(await db
            .select()
            .from(feedEntry)
            .where(and(eq(feedEntry.feedId, feedId), inArray(column, some)))),
        );
      }
    }
    return found;
  }

  async insertEntries(tx: Executor, rows: readonly NewFeedEntry[]): Promise<void> {
    for (let at = 0; at < rows.length; at += CHUNK) {
      await tx
        .insert(feedEntry)
        .values(rows.slice(at, at + CHUNK))
        .onConflictDoNothing();
    }
  }

  async insertEntry(tx: Executor, row: NewFeedEntry): Promise<void> {
    await tx.insert(feedEntry).values(row);
  }

  async updateEntry(tx: Executor, id: string, changes: Partial<NewFeedEntry>): Promise<void> {
    await tx.update(feedEntry).set(changes).where(eq(feedEntry.id, id));
  }

  async topics(db: Executor, publicationId: string): Promise<TopicRef[]> {
    return db
      .select({ id: topic.id, slug: topic.slug, name: topic.name })
      .from(topic)
      .where(eq(topic.publicationId, publicationId));
  }
}
