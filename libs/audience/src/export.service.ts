import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Database } from '#database/database.js';
import { Choices, type Menu } from './choices.js';
import { guardCell, NO_DIGESTS } from './csv-cell.js';
import { PublicationService } from './publication.service.js';
import { SubscriberRepository, type Subscriber } from './subscriber.repository.js';
import { SubscriptionRepository, type SubscriptionView } from './subscription.repository.js';

const PAGE = 1000;

/** The columns of an export. An import reads the first ones and ignores the times. */
export const EXPORT_COLUMNS = [
  'email',
  'name',
  'locale',
  'time_zone',
  'topics',
  'digests',
  'status',
  'attributes',
  'created_at',
  'confirmed_at',
  'unsubscribed_at',
] as const;

/** Exports subscribers as CSV (RFC 4180, UTF-8). */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly subscribers: SubscriberRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly choices: Choices,
  ) {}

  /**
   * Gives the file in pieces of up to 1,000 lines, so memory stays flat. Cells that a spreadsheet would run as a formula
   * are guarded with an apostrophe. Topics are those of all of a reader's digests together.
   */
  async *exportCsv(): AsyncGenerator<string> {
    const { id: publicationId } = await this.publications.current();
    const menu = await this.choices.menu(publicationId);
    yield lines([[...EXPORT_COLUMNS]]);
    for (let after: string | undefined; ;) {
      const rows = await this.subscribers.after(publicationId, after, PAGE);
      if (rows.length === 0) return;
      const chosen = await this.subscriptions.bySubscriber(
        this.database.db,
        rows.map((row) => row.id),
      );
      yield lines(rows.map((row) => cellsOf(row, chosen.get(row.id) ?? [], menu)));
      after = rows.at(-1)?.id;
    }
  }
}

function cellsOf(row: Subscriber, chosen: SubscriptionView[], menu: Menu): string[] {
  const topicIds = new Set(chosen.flatMap((item) => item.topics ?? []));
  // One digest with all topics: then all topics it is.
  const topics = chosen.some((item) => item.topics === null)
    ? []
    : menu.topics.filter((topic) => topicIds.has(topic.id)).map((topic) => topic.slug);
  const digests = chosen.map((item) => item.digestSlug).join(';') || NO_DIGESTS;
  return [
    row.email,
    row.name ?? '',
    row.locale,
    row.timeZone ?? '',
    topics.join(';'),
    row.followsDefaults ? '' : digests,
    row.status,
    Object.keys(row.attributes).length > 0 ? JSON.stringify(row.attributes) : '',
    row.createdAt.toISOString(),
    row.confirmedAt?.toISOString() ?? '',
    row.unsubscribedAt?.toISOString() ?? '',
  ].map(guardCell);
}

function lines(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}
