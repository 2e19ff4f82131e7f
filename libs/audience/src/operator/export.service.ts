import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify/sync';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Choices } from '../choices/choices.js';
import { EXPORT_COLUMNS, exportRow } from './export-row.js';
import { localDay } from '../choices/pause.js';
import { PublicationService } from '../publication/publication.service.js';
import { SubscriberRepository, type Subscriber } from '../subscribers/subscriber.repository.js';
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
    yield csvLines([[...EXPORT_COLUMNS]]);
    const { id } = await this.publications.current();
    const pages = this.pages((after) => this.subscribers.after(id, after, PAGE));
    for await (const { rows } of pages) yield csvLines(rows);
  }

  /**
   * Readers as lines, page by page.
   * @param next the readers after an id
   * @param after the last one that was had before
   */
  async *pages(
    next: (after: string | undefined) => Promise<Subscriber[]>,
    after?: string,
  ): AsyncGenerator<{ /** In the order of EXPORT_COLUMNS. */ rows: string[][]; last: string }> {
    const { id: publicationId, timeZone } = await this.publications.current();
    const offer = await this.choices.offer(publicationId);
    for (let last = after; ;) {
      const found = await next(last);
      if (found.length === 0) return;
      const chosen = await this.subscriptions.bySubscriber(
        this.database.db,
        found.map((row) => row.id),
      );
      const now = this.clock.now();
      const days = new Map(
        [...new Set(found.map((row) => row.timeZone ?? timeZone))].map((zone) => [zone, localDay(now, zone)]),
      );
      const today = (row: { timeZone: string | null }) => days.get(row.timeZone ?? timeZone) ?? '';
      const rows = found.map((row) => exportRow(row, chosen.get(row.id) ?? [], offer, today(row)));
      last = found.at(-1)?.id ?? '';
      yield { rows, last };
    }
  }
}

/** RFC 4180. */
export function csvLines(rows: string[][]): string {
  return stringify(rows, { record_delimiter: 'windows' });
}
