import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { localDay, openPause } from '../choices/pause.js';
import { PublicationService } from '../publication/publication.service.js';
import type { Subscriber } from '../subscribers/reader.repository.js';
import type { SubscriberView } from './subscriber.schemas.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';

/** Shows subscriber rows with what hangs on them, a page at a time. */
@Injectable()
export class SubscriberViews {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly subscriptions: SubscriptionRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly clock: Clock,
  ) {}

  async of(
    publicationId: string,
    rows: Subscriber[],
    db: Executor = this.database.db,
  ): Promise<SubscriberView[]> {
    const subscriptions = await this.subscriptions.bySubscriber(
      db,
      rows.map((row) => row.id),
    );
    const { timeZone } = await this.publications.current();
    const now = this.clock.now();
    const suppressed = new Set(
      (
        await this.suppressions.among(
          publicationId,
          rows.map((row) => row.addressHmac),
          db,
        )
      ).map((row) => row.addressHmac.toString('hex')),
    );
    return rows.map((row) => ({
      id: row.id,
      email: row.email,
      name: row.name,
      locale: row.locale,
      timeZone: row.timeZone,
      status: row.status,
      suppressed: suppressed.has(row.addressHmac.toString('hex')),
      attributes: row.attributes,
      followsDefaults: row.followsDefaults,
      digests: (subscriptions.get(row.id) ?? []).map(
        ({ digestId, digestSlug, digestName, pausedUntil, subscriberId: _, ...preferences }) => ({
          digestId,
          slug: digestSlug,
          name: digestName,
          ...preferences,
          // A pause that is over is not shown.
          pausedUntil: pausedUntil && openPause(pausedUntil, localDay(now, row.timeZone ?? timeZone)),
        }),
      ),
      measuredSince: row.measuredSince,
      confirmedAt: row.confirmedAt,
      unsubscribedAt: row.unsubscribedAt,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    }));
  }
}
