import { Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, or } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { articleTopic, topic } from '#database/schema/index.js';

/** A topic as an article names it. */
export interface TopicRef {
  id: string;
  slug: string;
  name: string;
}

/** Topics in the database, as articles and digests need them. */
@Injectable()
export class TopicRepository {
  /** Those of a publication with one of these ids or slugs. */
  async named(
    db: Executor,
    publicationId: string,
    ids: readonly string[],
    slugs: readonly string[],
  ): Promise<{ id: string; slug: string }[]> {
    return db
      .select({ id: topic.id, slug: topic.slug })
      .from(topic)
      .where(
        and(
          eq(topic.publicationId, publicationId),
          or(inArray(topic.id, [...ids]), inArray(topic.slug, [...slugs])),
        ),
      );
  }

  /** The topics of articles, by name. */
  async ofArticles(
    db: Executor,
    articleIds: readonly string[],
  ): Promise<(TopicRef & { articleId: string })[]> {
    if (articleIds.length === 0) return [];
    return db
      .select({ articleId: articleTopic.articleId, id: topic.id, slug: topic.slug, name: topic.name })
      .from(articleTopic)
      .innerJoin(topic, eq(topic.id, articleTopic.topicId))
      .where(inArray(articleTopic.articleId, [...articleIds]))
      .orderBy(asc(topic.name), asc(topic.id));
  }
}
