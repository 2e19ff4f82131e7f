import { Injectable } from '@nestjs/common';
import { undivided } from '#content/articles/edition-articles.js';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import type { CorrectionInput } from '#content/articles/article.schemas.js';
import { ArticleService } from '#content/articles/article.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { calendarDay } from '../schedule/calendar-day.js';
import { EditionRepository } from '../model/edition.repository.js';
import { CorrectionRepository } from './correction.repository.js';

/** A correction that was taken. */
export interface Correction {
  /** Of the article. */
  id: string;
  correction: string;
  correctedAt: Date;
  /** That mail it; none when no reader has the article. */
  editions: { id: string; digestId: string }[];
  /** Readers who have the article or are getting it; some of them may have left. */
  recipients: number;
}

/** Corrections: shown with the article, and mailed to those who had it. */
@Injectable()
export class CorrectionService {
  constructor(
    private readonly database: Database,
    private readonly repository: CorrectionRepository,
    private readonly articles: ArticleService,
    private readonly editions: EditionRepository,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes a correction on an article, in any state, and makes the editions that mail it: one for each digest with which
   * readers got the article, all with the same `createdAt`, by which those of one correction are known. Every call is
   * a correction of its own.
   * @throws DomainError `invalid_input`, `not_found`
   */
  async correct(publicationId: string, articleId: string, { note }: CorrectionInput): Promise<Correction> {
    const publication = await this.publications.current();
    const at = this.clock.now();
    const editions = await this.database.transaction(async (tx) => {
      // Digests before articles, as whoever makes editions locks them.
      const digests = isId(articleId) ? await this.repository.digestsThatSent(tx, articleId) : [];
      const isThere = await this.articles.correctIn(tx, publicationId, articleId, note, at);
      if (!isThere) throw notFound('article');
      const made: Correction['editions'] = [];
      for (const digest of digests) {
        const id = await this.make(tx, publication, digest, { articleId, note, at });
        made.push({ id, digestId: digest.id });
      }
      return made;
    });
    // A queue that is down takes none of them; the tick finds them.
    for (const { id: editionId } of editions)
      await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId });
    const digestIds = editions.map(({ digestId }) => digestId);
    const recipients = await this.repository.countReaders(this.database.db, articleId, digestIds);
    return { id: articleId, correction: note, correctedAt: at, editions, recipients };
  }

  private async make(
    tx: Executor,
    publication: Publication,
    digest: { id: string; slug: string },
    { articleId, note, at }: { articleId: string; note: string; at: Date },
  ): Promise<string> {
    const id = newId();
    const row = {
      id,
      publicationId: publication.id,
      digestId: digest.id,
      slug: `${digest.slug}-correction-${calendarDay(publication.timeZone, at)}`,
      status: 'preparing' as const,
      kind: 'correction' as const,
      selection: 'list' as const,
      articleId,
      note,
      startedAt: at,
      nextWaveAt: at,
      createdAt: at,
      updatedAt: at,
    };
    await this.editions.insertWithFreeSlug(tx, row, undivided([articleId]));
    return id;
  }
}
