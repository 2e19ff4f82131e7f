import { Injectable } from '@nestjs/common';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { digest, topic } from '#database/schema/index.js';

export interface DigestChoice {
  id: string;
  slug: string;
  name: string;
  isDefault: boolean;
}

export interface TopicChoice {
  id: string;
  slug: string;
  name: string;
}

/** What there is to choose from. */
@Injectable()
export class ChoiceRepository {
  constructor(private readonly database: Database) {}

  /** Digests that are not archived, oldest first. */
  async digests(publicationId: string, db: Executor = this.database.db): Promise<DigestChoice[]> {
    return db
      .select({ id: digest.id, slug: digest.slug, name: digest.name, isDefault: digest.isDefault })
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), isNull(digest.archivedAt)))
      .orderBy(asc(digest.id));
  }

  async topics(publicationId: string, db: Executor = this.database.db): Promise<TopicChoice[]> {
    return db
      .select({ id: topic.id, slug: topic.slug, name: topic.name })
      .from(topic)
      .where(eq(topic.publicationId, publicationId))
      .orderBy(asc(topic.name), asc(topic.id));
  }
}
