import { Injectable } from '@nestjs/common';
import { and, asc, desc, eq, inArray, lt, or } from 'drizzle-orm';
import { isPublic } from '#content/articles/article.repository.js';
import { Database } from '#database/database.js';
import { article, digest, edition, editionArticle } from '#database/schema/index.js';

/** An edition that was sent, as a list shows it. */
export interface SentEdition {
  id: string;
  slug: string;
  digestName: string;
  sentAt: Date | null;
}

const columns = { id: edition.id, slug: edition.slug, digestName: digest.name, sentAt: edition.finishedAt };

/** What was sent, read only. */
@Injectable()
export class ArchiveRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. @param before the slug of the last edition of the page before */
  async sent(publicationId: string, limit: number, before?: string): Promise<SentEdition[]> {
    const last = before ? await this.findSent(publicationId, before) : undefined;
    return this.query()
      .where(
        and(
          eq(edition.publicationId, publicationId),
          eq(edition.status, 'sent'),
          last?.sentAt
            ? or(
                lt(edition.finishedAt, last.sentAt),
                and(eq(edition.finishedAt, last.sentAt), lt(edition.id, last.id)),
              )
            : undefined,
        ),
      )
      .orderBy(desc(edition.finishedAt), desc(edition.id))
      .limit(limit);
  }

  async findSent(publicationId: string, slug: string): Promise<SentEdition | undefined> {
    const [row] = await this.query().where(
      and(eq(edition.publicationId, publicationId), eq(edition.slug, slug), eq(edition.status, 'sent')),
    );
    return row;
  }

  /** Titles of what readers may still see of the editions, in each one's order. */
  async titles(editionIds: readonly string[], at: Date): Promise<{ editionId: string; title: string }[]> {
    if (editionIds.length === 0) return [];
    return this.database.db
      .select({ editionId: editionArticle.editionId, title: article.title })
      .from(editionArticle)
      .innerJoin(article, eq(article.id, editionArticle.articleId))
      .where(and(inArray(editionArticle.editionId, [...editionIds]), isPublic(at)))
      .orderBy(asc(editionArticle.editionId), asc(editionArticle.position));
  }

  private query() {
    return this.database.db.select(columns).from(edition).innerJoin(digest, eq(digest.id, edition.digestId));
  }
}
