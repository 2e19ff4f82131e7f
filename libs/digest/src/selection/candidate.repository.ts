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
  notExists,
  notInArray,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import type { Executor } from '#database/database.js';
import { article, articleTopic, edition, editionArticle, editionWave } from '#database/schema/index.js';
import type { DigestRow } from '../model/digest.repository.js';
import { COMMITTED } from '../model/edition-state.js';
import { DAY_MS } from '../schedule/units.js';
import { inOrder } from './article-order.js';

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

/** A mail with more candidates than this would be chosen from news that nobody reads any more. */
const MOST_CANDIDATES = 1_000;

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
  /** The articles that a digest may send at an instant and that are news then, in the order of its mails. */
  async newest(db: Executor, digest: DigestRow, at: Date): Promise<Candidate[]> {
    return this.find(db, digest, at, isNews(digest, at));
  }

  /**
   * The news that no regular edition of a digest has sent or will send: what a draft of it is to hold.
   * @returns article ids in the order of the mail, no more than the digest's maximum
   */
  async unsent(db: Executor, digest: DigestRow, at: Date): Promise<string[]> {
    const found = await this.find(db, digest, at, and(isNews(digest, at), notUsed(db, digest)));
    return found.slice(0, digest.maxArticles).map(({ id }) => id);
  }

  /** As {@link unsent}, filled up with what is no news any more, the newest first. */
  async unsentEvenOld(db: Executor, digest: DigestRow, at: Date): Promise<string[]> {
    const news = await this.unsent(db, digest, at);
    if (news.length === digest.maxArticles) return news;
    const all = await this.find(db, { ...digest, orderBy: ['recency'] }, at, notUsed(db, digest));
    const old = all.map(({ id }) => id).filter((id) => !news.includes(id));
    return [...news, ...old].slice(0, digest.maxArticles);
  }

  private async find(db: Executor, digest: DigestRow, at: Date, more: SQL | undefined): Promise<Candidate[]> {
    const { publicationId, topics, excluded, orderBy, pinned } = digest;
    const onTopic = (ids: readonly string[]) =>
      exists(
        db
          .select({ one: sql`1` })
          .from(articleTopic)
          .where(and(eq(articleTopic.articleId, article.id), inArray(articleTopic.topicId, [...ids]))),
      );
    const found = await db
      .select(columns)
      .from(article)
      .where(
        and(
          eq(article.publicationId, publicationId),
          isPublic(at),
          topics ? onTopic(topics) : undefined,
          excluded.length > 0 ? notInArray(article.id, [...excluded]) : undefined,
          more,
        ),
      )
      .orderBy(desc(article.publishedAt), desc(article.id))
      .limit(MOST_CANDIDATES);
    return inOrder(found, orderBy, pinned);
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

/** Whether a digest still takes an article for news at an instant. */
function isNews({ lookbackDays }: DigestRow, at: Date): SQL | undefined {
  const since = new Date(at.getTime() - lookbackDays * DAY_MS);
  return or(gt(article.publishedAt, since), gt(article.embargoUntil, since));
}

/** Whether no regular edition of a digest has sent an article or is going to. */
function notUsed(db: Executor, { id }: DigestRow): SQL {
  const used = db
    .select({ one: sql`1` })
    .from(editionArticle)
    .innerJoin(edition, eq(edition.id, editionArticle.editionId))
    .where(
      and(
        eq(editionArticle.articleId, article.id),
        eq(edition.digestId, id),
        // Most readers have not had what an alert had in it.
        eq(edition.kind, 'regular'),
        inArray(edition.status, [...COMMITTED]),
      ),
    );
  return notExists(used);
}
