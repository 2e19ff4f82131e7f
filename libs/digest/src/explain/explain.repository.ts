import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, gte, inArray, notInArray, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import {
  article,
  delivery,
  edition,
  editionArticle,
  editionWave,
  subscriber,
  subscription,
  suppression,
  topic,
  variant,
} from '#database/schema/index.js';
import { chosenBy } from '../model/bit-mask.js';
import type { ArticleFacts, ReaderFacts, ReaderMail } from './reader-facts.js';

const articleColumns = {
  id: article.id,
  title: article.title,
  publishedAt: article.publishedAt,
  newsAt: sql<Date>`${article.newsAt}`.mapWith(article.publishedAt),
  embargoUntil: article.embargoUntil,
  retractedAt: article.retractedAt,
  draft: article.draft,
  createdAt: article.createdAt,
  topics: sql<
    string[]
  >`(SELECT coalesce(jsonb_agg(t.topic_id), '[]'::jsonb) FROM article_topic t WHERE t.article_id = ${article.id})`,
};

/** What explaining needs of the database. It reads one reader, never an audience. */
@Injectable()
export class ExplainRepository {
  async reader(
    db: Executor,
    publicationId: string,
    id: string,
    digestId: string,
  ): Promise<ReaderFacts | undefined> {
    const [row] = await db
      .select({ who: subscriber, wish: subscription, suppressedAt: suppression.createdAt })
      .from(subscriber)
      .leftJoin(
        subscription,
        and(eq(subscription.subscriberId, subscriber.id), eq(subscription.digestId, digestId)),
      )
      .leftJoin(
        suppression,
        and(
          eq(suppression.publicationId, subscriber.publicationId),
          eq(suppression.addressHmac, subscriber.addressHmac),
        ),
      )
      .where(and(eq(subscriber.publicationId, publicationId), eq(subscriber.id, id)));
    if (!row) return undefined;
    const { status, timeZone, createdAt, confirmedAt, unsubscribedAt } = row.who;
    const times = { createdAt, confirmedAt, unsubscribedAt, suppressedAt: row.suppressedAt };
    return { id, status, timeZone, ...times, subscription: row.wish };
  }

  /** The mails to a reader that were frozen since an instant, oldest first. */
  async mails(db: Executor, subscriberId: string, since: Date): Promise<ReaderMail[]> {
    const rows = await db
      .select({
        editionId: edition.id,
        digestId: edition.digestId,
        slug: edition.slug,
        kind: edition.kind,
        selection: edition.selection,
        wave: editionWave.wave,
        at: editionWave.at,
        cutoff: editionWave.cutoff,
        frozenAt: editionWave.frozenAt,
        articleIds: editionWave.articleIds,
        status: delivery.status,
        acceptedAt: delivery.acceptedAt,
        mask: variant.mask,
        more: variant.more,
      })
      .from(delivery)
      .innerJoin(edition, eq(edition.id, delivery.editionId))
      .innerJoin(
        editionWave,
        and(eq(editionWave.editionId, delivery.editionId), eq(editionWave.wave, delivery.wave)),
      )
      .innerJoin(variant, eq(variant.id, delivery.variantId))
      .where(and(eq(delivery.subscriberId, subscriberId), gte(editionWave.frozenAt, since)))
      .orderBy(asc(editionWave.frozenAt));
    return rows.map(({ mask, ...row }) => ({ ...row, got: chosenBy(mask, row.articleIds) }));
  }

  /** The mail of one edition to a reader. */
  async hasMail(db: Executor, editionId: string, subscriberId: string): Promise<boolean> {
    const rows = await db
      .select({ one: sql`1` })
      .from(delivery)
      .where(and(eq(delivery.editionId, editionId), eq(delivery.subscriberId, subscriberId)));
    return rows.length > 0;
  }

  async waves(db: Executor, editionId: string): Promise<(typeof editionWave.$inferSelect)[]> {
    return db
      .select()
      .from(editionWave)
      .where(eq(editionWave.editionId, editionId))
      .orderBy(asc(editionWave.wave));
  }

  /** In no order. */
  async articles(db: Executor, ids: readonly string[]): Promise<ArticleFacts[]> {
    if (ids.length === 0) return [];
    return db
      .select(articleColumns)
      .from(article)
      .where(inArray(article.id, [...ids]));
  }

  /** What came in last, in any state. */
  async recentArticles(
    db: Executor,
    publicationId: string,
    but: readonly string[],
    limit: number,
  ): Promise<ArticleFacts[]> {
    return db
      .select(articleColumns)
      .from(article)
      .where(
        and(
          eq(article.publicationId, publicationId),
          but.length > 0 ? notInArray(article.id, [...but]) : undefined,
        ),
      )
      .orderBy(desc(article.newsAt), desc(article.id))
      .limit(limit);
  }

  /** Articles an edition was given, in any state, in their order. */
  async listedArticles(db: Executor, editionId: string): Promise<ArticleFacts[]> {
    return db
      .select(articleColumns)
      .from(editionArticle)
      .innerJoin(article, eq(article.id, editionArticle.articleId))
      .where(eq(editionArticle.editionId, editionId))
      .orderBy(asc(editionArticle.position));
  }

  /** Names by id. */
  async topicNames(db: Executor, publicationId: string): Promise<Map<string, string>> {
    const rows = await db
      .select({ id: topic.id, name: topic.name })
      .from(topic)
      .where(eq(topic.publicationId, publicationId));
    return new Map(rows.map(({ id, name }) => [id, name]));
  }
}
