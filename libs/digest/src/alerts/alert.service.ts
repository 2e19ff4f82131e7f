import { Injectable } from '@nestjs/common';
import { PublicationService, type Publication } from '#audience/publication/publication.service.js';
import { undivided } from '#content/articles/edition-articles.js';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { calendarDay } from '../schedule/calendar-day.js';
import { DigestRepository } from '../model/digest.repository.js';
import { EditionRepository } from '../model/edition.repository.js';
import { AlertRepository, type DueAlert } from './alert.repository.js';

/** For so long a breaking story is one. Who comes back from an outage is not alerted to yesterday's. */
export const ALERT_FRESH_HOURS = 6;

/** Makes alerts: an edition of a digest with one breaking article, for those of its readers who asked for alerts. */
@Injectable()
export class AlertService {
  constructor(
    private readonly database: Database,
    private readonly alerts: AlertRepository,
    private readonly digests: DigestRepository,
    private readonly editions: EditionRepository,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Makes every alert that is due, each once however many processes do so, and has them prepared.
   * @param articleId only those of this article
   * @returns the editions made
   */
  async fire(articleId?: string): Promise<string[]> {
    const publication = await this.publications.current();
    const only = articleId ? { articleId } : {};
    const due = await this.alerts.due(this.database.db, publication.id, ...this.window(), only);
    const made: string[] = [];
    for (const alert of due) {
      const editionId = await this.make(publication, alert);
      if (!editionId) continue;
      made.push(editionId);
      this.log.info('alert', { edition: editionId, article: alert.articleId });
      await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId, isUrgent: true });
    }
    return made;
  }

  /**
   * The same for an article that was made or changed just now. Never throws: the article is committed, and what is due
   * is found by the next tick.
   */
  async fireFor(articleId: string): Promise<void> {
    try {
      await this.fire(articleId);
    } catch (error) {
      this.log.error('an alert could not be made; the tick tries again', error, { article: articleId });
    }
  }

  /** @returns the edition; undefined when another process was first or it is no longer due */
  private async make(publication: Publication, alert: DueAlert): Promise<string | undefined> {
    const id = newId();
    return this.database.transaction(async (tx) => {
      // Whoever else makes an alert of the digest, or archives it, waits here.
      const digest = await this.digests.lockById(tx, publication.id, alert.digestId);
      const [now, since] = this.window();
      const [isDue] = await this.alerts.due(tx, publication.id, now, since, alert);
      if (!digest || !isDue) return undefined;
      const row = {
        id,
        publicationId: publication.id,
        digestId: digest.id,
        slug: `${digest.slug}-alert-${calendarDay(publication.timeZone, now)}`,
        status: 'preparing' as const,
        kind: 'alert' as const,
        selection: 'list' as const,
        articleId: alert.articleId,
        startedAt: now,
        nextWaveAt: now,
        createdAt: now,
        updatedAt: now,
      };
      await this.editions.insertWithFreeSlug(tx, row, undivided([alert.articleId]));
      return id;
    });
  }

  /** Now, and since when an article has to be news. */
  private window(): [now: Date, since: Date] {
    const now = this.clock.now();
    return [now, new Date(now.getTime() - ALERT_FRESH_HOURS * 3_600_000)];
  }
}
