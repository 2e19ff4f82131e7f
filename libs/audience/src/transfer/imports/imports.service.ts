import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { storableText } from '#kernel/input/storable-text.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { Choices } from '../../choices/choices.js';
import { pick } from '../../choices/offer.js';
import { PublicationService } from '../../publication/publication.service.js';
import { FileStore } from '../files/file-store.js';
import { MANY, type ColumnMapping } from '../formats/fields.js';
import { formatOf, mappingFor, type FormatName } from '../formats/formats.js';
import { standingOfFile } from '../formats/standing.js';
import { readHead } from '../reading/dialect.js';
import { decoded, encodingOf, foreignKind, Utf8Check } from '../reading/encoding.js';
import { ErrorFile } from './error-file.js';
import type { ImportPatch, ImportSettings, ImportStart } from './import.schemas.js';
import { ImportJobRepository, type ImportJob } from './import-job.repository.js';
import { importView, type ImportView } from './import-view.js';
import { NO_COUNTS } from './tally.js';

/** Bytes by which a file is recognised. */
const LOOKED_AT = 65_536;
/** A file that nobody takes in holds addresses, and is kept for a day. */
const KEPT_MS = 86_400_000;

/** What operators do with files of readers: upload, look, check, take in, cancel. The work itself is {@link ImportRunner}'s. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly database: Database,
    private readonly publications: PublicationService,
    private readonly jobs: ImportJobRepository,
    private readonly files: FileStore,
    private readonly errors: ErrorFile,
    private readonly choices: Choices,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async list(page: PageQuery): Promise<Page<ImportView>> {
    const { id } = await this.publications.current();
    const { data, nextCursor } = toPage(await this.jobs.page(id, page), page.limit);
    return { data: data.map(importView), nextCursor };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<ImportView> {
    return importView(await this.row(id));
  }

  /**
   * Keeps a file and says what it is. Nothing of it is taken in.
   * @throws DomainError `invalid_input` about `file`; what the source throws
   */
  async upload(source: AsyncIterable<Uint8Array>, name: string): Promise<ImportView> {
    const { id: publicationId } = await this.publications.current();
    const check = new Utf8Check();
    const begin: Uint8Array[] = [];
    let held = 0;
    const stored = await this.files.take(publicationId, source, (bytes) => {
      check.push(bytes);
      if (held < LOOKED_AT) begin.push(bytes);
      held += bytes.length;
    });
    try {
      const start = Buffer.concat(begin).subarray(0, LOOKED_AT);
      const job = await this.recognised(start, check.end(), name, stored, publicationId);
      await this.files.finish(this.database.db, stored.id, KEPT_MS);
      await this.jobs.insert(job);
      return importView(job);
    } catch (error) {
      await this.files.remove(this.database.db, stored.id);
      throw error;
    }
  }

  /** @throws DomainError `not_found`, `wrong_state`; `invalid_input` naming what is wrong with the mapping */
  async patch(id: string, { mapping, settings }: ImportPatch): Promise<ImportView> {
    const job = await this.row(id);
    if (mapping) refuseMapping(mapping, job.columns.length);
    const all = { ...(job.settings as ImportSettings), ...settings };
    await this.refuseUnknown(job.publicationId, all);
    const change = { settings: all, ...(mapping ? { mapping } : {}), status: 'ready' as const, check: null };
    return this.moved(
      job,
      ['ready', 'checked'],
      change,
      'Only a file that is not taken in yet can be read otherwise.',
    );
  }

  /** Begins a dry run. @throws DomainError `not_found`, `wrong_state` */
  async check(id: string): Promise<ImportView> {
    const job = await this.row(id);
    const view = await this.moved(
      job,
      ['ready', 'checked'],
      { status: 'checking' },
      'It cannot be checked now.',
    );
    await this.enqueue(id);
    return view;
  }

  /** Begins to take the file in. @throws DomainError `not_found`, `wrong_state` */
  async start(id: string, { consent }: ImportStart, by: string): Promise<ImportView> {
    const job = await this.row(id);
    refuseMapping(job.mapping as ColumnMapping[], job.columns.length);
    const { source, where, at } = consent;
    if (job.fileId) await this.files.finish(this.database.db, job.fileId, KEPT_MS);
    const view = await this.moved(
      job,
      ['ready', 'checked'],
      {
        status: 'running',
        consent: { source, ...(where ? { where } : {}), ...(at ? { at: at.toISOString() } : {}) },
        startedBy: by,
        startedAt: this.clock.now(),
        ...{ lines: 0, bytes: 0, counts: NO_COUNTS, firstErrors: [] },
      },
      'It was begun already, or is over.',
    );
    await this.enqueue(id);
    return view;
  }

  /** What is taken in stays. @throws DomainError `not_found`, `wrong_state` */
  async cancel(id: string): Promise<ImportView> {
    const job = await this.row(id);
    return this.database.transaction(async (tx) => {
      const change = {
        status: 'cancelled' as const,
        finishedAt: this.clock.now(),
        ...{ samples: null, fileId: null, leaseToken: null, leaseUntil: null },
      };
      const states = ['ready', 'checking', 'checked', 'running'] as const;
      const row = await this.jobs.change(job.publicationId, id, states, change, tx);
      if (!row) throw wrongState('It is over already.', job.status);
      if (job.fileId) await this.files.remove(tx, job.fileId);
      if (row.errorFileId) await this.errors.finish(tx, row.errorFileId);
      return importView(row);
    });
  }

  /** The lines that were left out, as CSV. @throws DomainError `not_found` */
  async errorFile(id: string): Promise<AsyncIterable<Buffer>> {
    const { errorFileId } = await this.row(id);
    if (!errorFileId) throw notFound('file of errors');
    return this.files.read(errorFileId);
  }

  private async recognised(
    start: Buffer,
    isUtf8: boolean,
    name: string,
    file: { id: string; size: number },
    publicationId: string,
  ): Promise<ImportJob> {
    const foreign = foreignKind(start);
    if (foreign) throw invalidField('file', 'malformed', `This is ${foreign}. Save it as CSV and send that.`);
    const encoding = encodingOf(start, isUtf8);
    let text = '';
    for await (const piece of decoded(one(start), encoding)) text += piece;
    if (text.includes('\0'))
      throw invalidField('file', 'malformed', 'This is no text. Save it as CSV and send that.');
    const { delimiter, headLines, columns, samples } = readHead(text, file.size <= LOOKED_AT);
    const format = formatOf(columns);
    return {
      id: newId(),
      publicationId,
      status: 'ready',
      fileName: storableText(name, 200),
      fileSize: file.size,
      fileId: file.id,
      dialect: { encoding, delimiter, headLines },
      format,
      columns: columns.map((column) => storableText(column, 100)),
      samples: samples.map((cells) => cells.map((cell) => storableText(cell, 200))),
      mapping: mappingFor(format, columns),
      settings: settingsFor(format, name),
      consent: null,
      check: null,
      ...{ lines: 0, bytes: 0, counts: NO_COUNTS, firstErrors: [] },
      ...{ errorFileId: null, errorLines: 0, errorPieces: 0, problem: null, startedBy: null },
      ...{ leaseUntil: null, leaseToken: null, startedAt: null, finishedAt: null },
      createdAt: this.clock.now(),
    };
  }

  private async row(id: string): Promise<ImportJob> {
    const { id: publicationId } = await this.publications.current();
    const row = isId(id) ? await this.jobs.find(publicationId, id) : undefined;
    if (!row) throw notFound('import');
    return row;
  }

  private async moved(
    job: ImportJob,
    from: readonly ImportJob['status'][],
    change: Partial<ImportJob>,
    refusal: string,
  ): Promise<ImportView> {
    const row = await this.jobs.change(job.publicationId, job.id, from, change);
    if (!row) throw wrongState(refusal, job.status);
    return importView(row);
  }

  private async refuseUnknown(publicationId: string, { digests, topics }: ImportSettings): Promise<void> {
    const offer = await this.choices.offer(publicationId);
    const missing = (field: string, items: readonly { id: string; slug: string }[], wanted: string[]) => {
      const index = wanted.findIndex((reference) => !pick(items, reference));
      if (index >= 0) throw invalidField(`settings.${field}.${index}`, 'unknown', 'There is no such thing.');
    };
    missing('digests', offer.digests, digests);
    missing('topics', offer.topics, topics);
  }

  private async enqueue(importId: string): Promise<void> {
    await this.queue.enqueue('import.run', { importId }, { dedupeKey: `import-${importId}` });
  }
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

/** Our own file comes back as it went out; who left elsewhere is never mailed from here. */
function settingsFor(format: FormatName, name: string): ImportSettings {
  const isOurs = format === 'broadsheet';
  return {
    gone: isOurs ? 'keep' : 'suppress',
    unconfirmed: isOurs ? 'ask' : 'skip',
    confirm: false,
    everybody: standingOfFile(name),
    ...{ digests: [], topics: [], locale: null },
  };
}

/** @throws DomainError `invalid_input` */
function refuseMapping(mapping: readonly ColumnMapping[], columns: number): void {
  if (mapping.length !== columns) {
    throw invalidField('mapping', 'length', `The file has ${columns} columns; say of each what it is.`);
  }
  const fields = mapping.map(({ field }) => field);
  if (!fields.includes('email'))
    throw invalidField('mapping', 'required', 'Say which column has the e-mail address.');
  const doubled = fields.findIndex(
    (field, index) => !MANY.includes(field) && fields.indexOf(field) !== index,
  );
  if (doubled >= 0) {
    throw invalidField(`mapping.${doubled}`, 'doubled', `Two columns are ${fields[doubled]}; choose one.`);
  }
  const nameless = mapping.findIndex(({ field, attribute }) => field === 'attribute' && !attribute);
  if (nameless >= 0) throw invalidField(`mapping.${nameless}.attribute`, 'required', 'Name the attribute.');
}
