import { Injectable } from '@nestjs/common';
import {
  and,
  desc,
  eq,
  getTableColumns,
  gt,
  ilike,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  or,
  type SQL,
} from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import {
  article,
  articleTopic,
  edition,
  editionArticle,
  type EditionStatus,
} from '#database/schema/index.js';

import type { ArticleState } from './article-state.js';
import { leaveEditions } from './edition-articles.js';

export type ArticleRow = typeof article.$inferSelect;
export type NewArticle = typeof article.$inferInsert;

// Lists leave out the bodies: a page of a hundred articles could have 300 MB of them.
const BODIES = ['source', 'html', 'text'] as const;
export type ArticleListRow = Omit<ArticleRow, (typeof BODIES)[number]>;
const listColumns = Object.fromEntries(
  Object.entries(getTableColumns(article)).filter(([name]) => !(BODIES as readonly string[]).includes(name)),
) as Omit<typeof article._.columns, (typeof BODIES)[number]>;

/** States in which readers may have, or be getting, what the edition holds. */
const USED_STATES: EditionStatus[] = ['preparing', 'sending', 'paused', 'sent'];

/**
 * The condition "may be shown and sent at this instant": published, no draft, not embargoed, not retracted.
 * @param at may be an expression
 */
export function isPublic(at: Date | SQL): SQL {
  return and(
    lte(article.publishedAt, at),
    or(isNull(article.embargoUntil), lte(article.embargoUntil, at)),
    isNull(article.retractedAt),
    eq(article.draft, false),
  ) as SQL;
}

/** The condition that an article's title holds a text, in either case. */
export function inTitle(text: string): SQL {
  return ilike(article.title, `%${text.replace(/[\\%_]/g, '\\$&')}%`);
}

/** The condition "is in this state at this instant", as {@link articleState} tells it of one article. */
export function inState(state: ArticleState, at: Date): SQL {
  const { draft, publishedAt, embargoUntil, retractedAt } = article;
  const isLetGo = and(isNull(retractedAt), eq(draft, false));
  const isFree = or(isNull(embargoUntil), lte(embargoUntil, at));
  const conditions: Record<ArticleState, SQL | undefined> = {
    retracted: isNotNull(retractedAt),
    draft: and(isNull(retractedAt), eq(draft, true)),
    embargoed: and(isLetGo, gt(embargoUntil, at)),
    scheduled: and(isLetGo, isFree, gt(publishedAt, at)),
    published: isPublic(at),
  };
  return conditions[state] as SQL;
}

/** Articles in the database. */
@Injectable()
export class ArticleRepository {
  /** @returns false when the slug or the URL is taken; the transaction goes on */
  async insertUnlessTaken(tx: Executor, row: NewArticle): Promise<boolean> {
    const rows = await tx.insert(article).values(row).onConflictDoNothing().returning({ id: article.id });
    return rows.length === 1;
  }

  async findById(db: Executor, publicationId: string, id: string): Promise<ArticleRow | undefined> {
    const [row] = await db
      .select()
      .from(article)
      .where(and(eq(article.publicationId, publicationId), eq(article.id, id)));
    return row;
  }

  /** Locks the article until the transaction ends. */
  async lockById(tx: Executor, publicationId: string, id: string): Promise<ArticleRow | undefined> {
    const [row] = await tx
      .select()
      .from(article)
      .where(and(eq(article.publicationId, publicationId), eq(article.id, id)))
      .for('update');
    return row;
  }

  async findBySlug(db: Executor, publicationId: string, slug: string): Promise<ArticleRow | undefined> {
    const [row] = await db
      .select()
      .from(article)
      .where(and(eq(article.publicationId, publicationId), eq(article.slug, slug)));
    return row;
  }

  async findIdByUrl(db: Executor, publicationId: string, url: string): Promise<string | undefined> {
    const [row] = await db
      .select({ id: article.id })
      .from(article)
      .where(and(eq(article.publicationId, publicationId), eq(article.url, url)));
    return row?.id;
  }

  async findMany(db: Executor, publicationId: string, ids: readonly string[]): Promise<ArticleRow[]> {
    if (ids.length === 0) return [];
    return db
      .select()
      .from(article)
      .where(and(eq(article.publicationId, publicationId), inArray(article.id, [...ids])));
  }

  async slugsBeginningWith(db: Executor, publicationId: string, stem: string): Promise<string[]> {
    const rows = await db
      .select({ slug: article.slug })
      .from(article)
      .where(and(eq(article.publicationId, publicationId), like(article.slug, `${stem}%`)));
    return rows.map((row) => row.slug);
  }

  /** Newest first by id, without bodies. */
  async page(
    db: Executor,
    publicationId: string,
    limit: number,
    before?: string,
    ...wanted: (SQL | undefined)[]
  ): Promise<ArticleListRow[]> {
    return db
      .select(listColumns)
      .from(article)
      .where(
        and(eq(article.publicationId, publicationId), before ? lt(article.id, before) : undefined, ...wanted),
      )
      .orderBy(desc(article.id))
      .limit(limit);
  }

  /** What readers may see, latest first, without bodies. */
  async latestPublic(
    db: Executor,
    publicationId: string,
    at: Date,
    limit: number,
  ): Promise<ArticleListRow[]> {
    return db
      .select(listColumns)
      .from(article)
      .where(and(eq(article.publicationId, publicationId), isPublic(at)))
      .orderBy(desc(article.publishedAt), desc(article.id))
      .limit(limit);
  }

  async update(tx: Executor, id: string, changes: Partial<NewArticle>): Promise<void> {
    await tx.update(article).set(changes).where(eq(article.id, id));
  }

  /** Also out of every edition it is in. */
  async delete(tx: Executor, id: string): Promise<void> {
    await leaveEditions(tx, id);
    await tx.delete(article).where(eq(article.id, id));
  }

  /** An edition that has been, is being or may already have been sent with the article in it. */
  async editionUsing(
    tx: Executor,
    articleId: string,
  ): Promise<{ id: string; status: EditionStatus } | undefined> {
    const [row] = await tx
      .select({ id: edition.id, status: edition.status })
      .from(editionArticle)
      .innerJoin(edition, eq(edition.id, editionArticle.editionId))
      .where(
        and(
          eq(editionArticle.articleId, articleId),
          // A frozen edition that was cancelled or failed has readers who got it.
          or(inArray(edition.status, USED_STATES), gt(edition.batches, 0)),
        ),
      )
      .orderBy(desc(edition.id))
      .limit(1);
    return row;
  }

  async replaceTopics(tx: Executor, articleId: string, topicIds: readonly string[]): Promise<void> {
    await tx.delete(articleTopic).where(eq(articleTopic.articleId, articleId));
    if (topicIds.length === 0) return;
    await tx.insert(articleTopic).values(topicIds.map((topicId) => ({ articleId, topicId })));
  }

  async addTopics(tx: Executor, articleId: string, topicIds: readonly string[]): Promise<void> {
    if (topicIds.length === 0) return;
    const rows = topicIds.map((topicId) => ({ articleId, topicId }));
    await tx.insert(articleTopic).values(rows).onConflictDoNothing();
  }
}
