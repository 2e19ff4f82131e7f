import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Choices } from '../choices/choices.js';
import { EXPORT_COLUMNS, exportRow } from './export-row.js';
import { localDay } from '../choices/pause.js';
import { PublicationService } from '../publication/publication.service.js';
import { SubscriberRepository } from '../subscribers/subscriber.repository.js';
import { SubscriptionRepository } from '../subscribers/subscription.repository.js';

const PAGE = 1000;

/** Exports subscribers as CSV (RFC 4180, UTF-8). */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly subscribers: SubscriberRepository,
    private readonly subscriptions: SubscriptionRepository,
    private readonly choices: Choices,
    private readonly clock: Clock,
  ) {}

  /**
   * Gives the file in pieces of up to 1,000 lines, so memory stays flat. Cells that a spreadsheet would run as a formula
   * are guarded with an apostrophe. Topics are those of all of a reader's digests together; where digests differ in
   * anything, `subscriptions` says what each of them is.
   */
  async *exportCsv(): AsyncGenerator<string> {
    const { id: publicationId, timeZone } = await this.publications.current();
    const offer = await this.choices.offer(publicationId);
    yield lines([[...EXPORT_COLUMNS]]);
    for (let after: string | undefined; ;) {
      const rows = await this.subscribers.after(publicationId, after, PAGE);
      if (rows.length === 0) return;
      const chosen = await this.subscriptions.bySubscriber(
        this.database.db,
        rows.map((row) => row.id),
      );
      const now = this.clock.now();
      const days = new Map(
        [...new Set(rows.map((row) => row.timeZone ?? timeZone))].map((zone) => [zone, localDay(now, zone)]),
      );
      const today = (row: { timeZone: string | null }) => days.get(row.timeZone ?? timeZone) ?? '';
      yield lines(rows.map((row) => exportRow(row, chosen.get(row.id) ?? [], offer, today(row))));
      after = rows.at(-1)?.id;
    }
  }
}

function lines(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}
