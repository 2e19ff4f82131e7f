import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { PublicationService } from '../../publication/publication.service.js';
import { FileStore } from '../files/file-store.js';
import type { ExportInput } from './export.schemas.js';
import { ExportJobRepository, type ExportJob } from './export-job.repository.js';
import { EXPORT_KEPT_MS } from './export-runner.js';

/** An export as the API shows it. */
export interface ExportView extends Pick<
  ExportJob,
  'id' | 'status' | 'filter' | 'columns' | 'lines' | 'problem' | 'startedBy' | 'createdAt' | 'finishedAt'
> {
  /** Until when the file can be had; null: it cannot. */
  fileUntil: Date | null;
}

/** Files of readers that operators ask for; {@link ExportRunner} writes them. */
@Injectable()
export class ExportsService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly jobs: ExportJobRepository,
    private readonly files: FileStore,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async list(page: PageQuery): Promise<Page<ExportView>> {
    const { id } = await this.publications.current();
    const { data, nextCursor } = toPage(await this.jobs.page(id, page), page.limit);
    return { data: data.map(viewOf), nextCursor };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<ExportView> {
    return viewOf(await this.row(id));
  }

  async start({ filter, columns }: ExportInput, by: string): Promise<ExportView> {
    const { id: publicationId } = await this.publications.current();
    const now = this.clock.now();
    const row = await this.database.transaction(async (tx): Promise<ExportJob> => {
      const job: ExportJob = {
        id: newId(),
        publicationId,
        status: 'running',
        filter: JSON.parse(JSON.stringify(filter)) as ExportJob['filter'], // without what is undefined
        columns,
        fileId: await this.files.begin(tx, publicationId, EXPORT_KEPT_MS),
        ...{ afterId: null, pieces: 0, lines: 0, problem: null, startedBy: by },
        ...{ leaseUntil: null, leaseToken: null, createdAt: now, finishedAt: null },
      };
      await this.jobs.insert(tx, job);
      return job;
    });
    await this.queue.enqueue('export.run', { exportId: row.id }, { dedupeKey: `export-${row.id}` });
    return viewOf(row);
  }

  /** @throws DomainError `not_found`, `wrong_state` while it is written, `gone` when it is no longer kept */
  async file(id: string): Promise<{ size: number; pieces: AsyncIterable<Buffer> }> {
    const job = await this.row(id);
    if (job.status === 'running') throw wrongState('The file is still being written.', job.status);
    const file = job.fileId && (await this.files.find(job.publicationId, job.fileId));
    if (!file || job.status !== 'done')
      throw new DomainError('gone', 'The file is no longer there; export again.');
    return { size: file.size, pieces: this.files.read(file.id) };
  }

  /** Stops it, and removes its file. @throws DomainError `not_found` */
  async remove(id: string): Promise<void> {
    const job = await this.row(id);
    await this.database.transaction(async (tx) => {
      await this.jobs.cancel(tx, id, this.clock.now());
      if (job.fileId) await this.files.remove(tx, job.fileId);
    });
  }

  private async row(id: string): Promise<ExportJob> {
    const { id: publicationId } = await this.publications.current();
    const row = isId(id) ? await this.jobs.find(publicationId, id) : undefined;
    if (!row) throw notFound('export');
    return row;
  }
}

function viewOf(job: ExportJob): ExportView {
  const { id, status, filter, columns, lines, problem, startedBy, createdAt, finishedAt } = job;
  const isThere = status === 'done' && job.fileId !== null && finishedAt !== null;
  const fileUntil = isThere ? new Date(finishedAt.getTime() + EXPORT_KEPT_MS) : null;
  return { id, status, filter, columns, lines, problem, startedBy, createdAt, finishedAt, fileUntil };
}
