import { Injectable } from '@nestjs/common';
import {
  and,
  arrayOverlaps,
  asc,
  desc,
  eq,
  exists,
  gt,
  gte,
  inArray,
  notInArray,
  or,
  sql,
} from 'drizzle-orm';
import { isPublic } from '#content/article.repository.js';
import type { Executor } from '#database/database.js';
import { article, articleTopic, edition, editionArticle, editionWave } from '#database/schema/index.js';

/** An article that an edition may hold. */
export interface Candidate {
  id: string;
  publishedAt: Date;
  /** When it became something that can be sent. */
  newsAt: Date;
  createdAt: Date;
  priority: number;
  /** Ids. */
  topics: string[];
}

/** What the candidates of an edition that chooses by itself are found by. */
export interface CandidateQuery {
  publicationId: string;
  /** Null: every topic. */
  topics: readonly string[] | null;
  excluded: readonly string[];
  at: Date;
  /** What was published earlier is no news any more. */
  since: Date;
  limit: number;
}

/** What earlier waves are found by. */
export interface PastQuery {
  publicationId: string;
  articleIds: readonly string[];
  /** None of the articles was sent earlier. */
  heldSince: Date;
  /** Null: of no digest. */
  digestId: string | null;
  ownSince: Date;
}

/** A wave that was frozen before. */
export interface PastWave {
  editionId: string;
  digestId: string;
  kind: typeof edition.$inferSelect.kind;
  selection: typeof edition.$inferSelect.selection;
  wave: number;
  at: Date;
  cutoff: Date;
  articleIds: string[];
}

const columns = {
  id: article.id,
  publishedAt: article.publishedAt,
  newsAt: sql<Date>`${article.newsAt}`.mapWith(article.publishedAt),
  createdAt: article.createdAt,
  priority: article.priority,
  topics: sql<
    string[]
  >`(SELECT coalesce(jsonb_agg(t.topic_id), '[]'::jsonb) FROM article_topic t WHERE t.article_id = ${article.id})`,
};

/** Which articles an edition may hold, and which waves held some of them before. */
@Injectable()
export class CandidateRepository {
  /** The newest articles that may be sent at an instant and are news then. */
  async find(db: Executor, query: CandidateQuery): Promise<Candidate[]> {
    const { topics, excluded, at, since } = query;
    const onTopic = (ids: readonly string[]) =>
      exists(
        db
          .select({ one: sql`1` })
          .from(articleTopic)
          .where(and(eq(articleTopic.articleId, article.id), inArray(articleTopic.topicId, [...ids]))),
      );
    return db
      .select(columns)
      .from(article)
      .where(
        and(
          eq(article.publicationId, query.publicationId),
          isPublic(at),
          or(gt(article.publishedAt, since), gt(article.embargoUntil, since)),
          topics ? onTopic(topics) : undefined,
          excluded.length > 0 ? notInArray(article.id, [...excluded]) : undefined,
        ),
      )
      .orderBy(desc(article.publishedAt), desc(article.id))
      .limit(query.limit);
  }

  /** Those of the articles an edition was given that may be sent at an instant, in their order. */
  async listed(db: Executor, editionId: string, at: Date): Promise<Candidate[]> {
    return db
      .select(columns)
      .from(editionArticle)
      .innerJoin(article, eq(article.id, editionArticle.articleId))
      .where(and(eq(editionArticle.editionId, editionId), isPublic(at)))
      .orderBy(asc(editionArticle.position));
  }

  /** An article in any state: a correction may be about one that was retracted. */
  async one(db: Executor, articleId: string): Promise<Candidate[]> {
    return db.select(columns).from(article).where(eq(article.id, articleId));
  }

  /**
   * Waves that may have held some of these articles, and the regular ones of a digest.
   */
  async pastWaves(db: Executor, query: PastQuery): Promise<PastWave[]> {
    const { publicationId, digestId, articleIds, heldSince, ownSince } = query;
    const since = (instant: Date) => gte(editionWave.frozenAt, instant);
    const held =
      articleIds.length > 0
        ? and(since(heldSince), arrayOverlaps(editionWave.articleIds, [...articleIds]))
        : undefined;
    const own = digestId
      ? and(since(ownSince), eq(edition.digestId, digestId), eq(edition.kind, 'regular'))
      : undefined;
    if (!held && !own) return [];
    return db
      .select({
        editionId: editionWave.editionId,
        digestId: edition.digestId,
        kind: edition.kind,
        selection: edition.selection,
        wave: editionWave.wave,
        at: editionWave.at,
        cutoff: editionWave.cutoff,
        articleIds: editionWave.articleIds,
      })
      .from(editionWave)
      .innerJoin(edition, eq(edition.id, editionWave.editionId))
      .where(and(eq(edition.publicationId, publicationId), or(held, own)))
      .orderBy(asc(editionWave.frozenAt));
  }
}
