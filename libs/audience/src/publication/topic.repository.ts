import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, lt, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { digest, topic } from '#database/schema/index.js';
import type { PageQuery } from '#kernel/input/page.js';

export type Topic = typeof topic.$inferSelect;

@Injectable()
export class TopicRepository {
  constructor(private readonly database: Database) {}

  async page(publicationId: string, page: PageQuery): Promise<Topic[]> {
    return this.database.db
      .select()
      .from(topic)
      .where(and(eq(topic.publicationId, publicationId), page.cursor ? lt(topic.id, page.cursor) : undefined))
      .orderBy(desc(topic.id))
      .limit(page.limit + 1);
  }

  async find(publicationId: string, id: string): Promise<Topic | undefined> {
    const [row] = await this.database.db
      .select()
      .from(topic)
      .where(and(eq(topic.publicationId, publicationId), eq(topic.id, id)));
    return row;
  }

  /** @throws the driver's unique violation when the slug is taken */
  async insert(row: Topic): Promise<void> {
    await this.database.db.insert(topic).values(row);
  }

  /** @throws the driver's unique violation when the slug is taken */
  async update(
    publicationId: string,
    id: string,
    change: Partial<Pick<Topic, 'name' | 'slug' | 'description'>>,
  ): Promise<Topic | undefined> {
    const [row] = await this.database.db
      .update(topic)
      .set(change)
      .where(and(eq(topic.publicationId, publicationId), eq(topic.id, id)))
      .returning();
    return row;
  }

  async delete(tx: Executor, publicationId: string, id: string): Promise<boolean> {
    const rows = await tx
      .delete(topic)
      .where(and(eq(topic.publicationId, publicationId), eq(topic.id, id)))
      .returning({ id: topic.id });
    return rows.length > 0;
  }

  /** The digests that are about this topic. */
  async digestsAbout(
    tx: Executor,
    publicationId: string,
    id: string,
  ): Promise<{ id: string; name: string }[]> {
    return tx
      .select({ id: digest.id, name: digest.name })
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), sql`${id}::uuid = ANY(${digest.topics})`))
      .orderBy(asc(digest.id));
  }
}
