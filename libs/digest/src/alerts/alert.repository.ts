import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import { isMailable } from '#audience/subscribers/mailable.js';
import type { Executor } from '#database/database.js';
import { article, articleTopic, digest, edition, subscription } from '#database/schema/index.js';

/** A breaking article and a digest whose readers are to be alerted to it. */
export interface DueAlert {
  articleId: string;
  digestId: string;
}

/** Finds alerts in the database. */
@Injectable()
export class AlertRepository {
  /**
   * Breaking articles that are public and news, each with every digest on whose topics it is, where somebody asked for
   * alerts on one of its topics and no alert was made.
   * @param newsSince older ones are no alert any more
   * @param only of this article, and this digest
   */
  async due(
    db: Executor,
    publicationId: string,
    now: Date,
    newsSince: Date,
    only: Partial<DueAlert> = {},
  ): Promise<DueAlert[]> {
    const isOn = (topics: typeof digest.topics | typeof subscription.topics) =>
      sql`(${topics} IS NULL OR EXISTS (
        SELECT 1 FROM ${articleTopic} WHERE ${articleTopic.articleId} = ${article.id} AND ${articleTopic.topicId} = ANY(${topics})))`;
    return db
      .select({ articleId: article.id, digestId: digest.id })
      .from(article)
      .innerJoin(digest, sql`${digest.publicationId} = ${article.publicationId}`)
      .where(
        sql`${article.publicationId} = ${publicationId} AND ${article.newsAt} >= ${newsSince.toISOString()}::timestamptz
          AND ${article.breaking} AND ${isPublic(now)} AND ${digest.archivedAt} IS NULL
          AND ${only.articleId ? sql`${article.id} = ${only.articleId}` : sql`true`}
          AND ${only.digestId ? sql`${digest.id} = ${only.digestId}` : sql`true`}
          AND ${isOn(digest.topics)} AND NOT ${article.id} = ANY(${digest.excluded})
          AND NOT EXISTS (SELECT 1 FROM ${edition} WHERE ${edition.digestId} = ${digest.id}
            AND ${edition.articleId} = ${article.id} AND ${edition.kind} = 'alert')
          AND EXISTS (SELECT 1 FROM ${subscription} JOIN subscriber s ON s.id = ${subscription.subscriberId}
            WHERE ${subscription.digestId} = ${digest.id} AND ${isMailable}
              AND (${subscription.alerts} OR ${subscription.cadence} = 'breaking') AND ${isOn(subscription.topics)})`,
      )
      .orderBy(article.id, digest.id);
  }
}
