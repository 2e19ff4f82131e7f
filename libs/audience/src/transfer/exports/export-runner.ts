import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { FindReaders } from '../../finding/find-readers.service.js';
import { ReaderSearchRepository } from '../../finding/reader-search.repository.js';
import { EXPORT_COLUMNS } from '../../operator/export-row.js';
import { csvLines, ExportService } from '../../operator/export.service.js';
import { SubscriberRepository, type Subscriber } from '../../subscribers/subscriber.repository.js';
import { FileStore } from '../files/file-store.js';
import { ExportJobRepository, type ExportJob } from './export-job.repository.js';

/** Readers of one transaction. */
const PAGE = 1_000;
/** A file of addresses is kept for a day. */
export const EXPORT_KEPT_MS = 86_400_000;

/** Writes the files of exports, a thousand readers a transaction, from where a process before left one. */
@Injectable()
export class ExportRunner {
  constructor(
    private readonly database: Database,
    private readonly jobs: ExportJobRepository,
    private readonly files: FileStore,
    private readonly readers: ExportService,
    private readonly finder: FindReaders,
    private readonly search: ReaderSearchRepository,
    private readonly subscribers: SubscriberRepository,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @param signal aborted: the rest is left to the next process. @throws what the database throws; it is tried again */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const claim = await this.jobs.claim(id, newId(), this.config.leaseMs);
    if (!claim?.fileId) return;
    try {
      await this.write(claim, claim.fileId, signal);
    } catch (error) {
      await this.jobs.settle(this.database.db, claim, {}).catch(() => false); // the lease will run out
      throw error;
    }
  }

  private async write(claim: ExportJob, fileId: string, signal: AbortSignal): Promise<void> {
    let { pieces, lines } = claim;
    const places = claim.columns.map((column) => (EXPORT_COLUMNS as readonly string[]).indexOf(column));
    const append = (rows: string[][], afterId: string | null) =>
      this.database.transaction(async (tx) => {
        const change = { pieces: pieces + 1, lines: lines + (afterId ? rows.length : 0), afterId };
        const isOurs = await this.jobs.advance(tx, claim, this.config.leaseMs, change);
        if (isOurs) await this.files.append(tx, fileId, pieces, Buffer.from(csvLines(rows)));
        return isOurs;
      });
    if (pieces === 0) {
      if (!(await append([claim.columns], null))) return;
      pieces = 1;
    }
    const next = await this.meant(claim);
    for await (const { rows, last } of this.readers.pages(next, claim.afterId ?? undefined)) {
      const chosen = rows.map((row) => places.map((place) => row[place] ?? ''));
      if (!(await append(chosen, last))) return;
      [pieces, lines] = [pieces + 1, lines + rows.length];
      if (signal.aborted) {
        await this.jobs.settle(this.database.db, claim, {});
        return;
      }
    }
    await this.database.transaction(async (tx) => {
      const isOurs = await this.jobs.settle(tx, claim, { status: 'done', finishedAt: this.clock.now() });
      if (isOurs) await this.files.finish(tx, fileId, EXPORT_KEPT_MS);
    });
  }

  /** The readers who are meant, after one of them: as the list of readers finds them. */
  private async meant({
    publicationId,
    filter,
  }: ExportJob): Promise<(after?: string) => Promise<Subscriber[]>> {
    const wanted = await this.finder.wanted(publicationId, filter);
    return async (after) => {
      if (!wanted) return [];
      const ids = await this.search.after(wanted, after, PAGE);
      const rows = await this.subscribers.among(publicationId, ids);
      return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
    };
  }
}
