import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { DomainError, invalidField, notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { toPage, type Page, type PageQuery } from '#kernel/input/page.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import type { BulkAction } from '#database/schema/index.js';
import { Choices } from '../choices/choices.js';
import { pick } from '../choices/offer.js';
import { FindReaders } from '../finding/find-readers.service.js';
import { wordsOf } from '../finding/reader-query.js';
import { PublicationService } from '../publication/publication.service.js';
import { BulkReadersRepository } from './bulk-readers.repository.js';
import { undoneState, type BulkTask, type ReaderSelection } from './bulk-task.js';
import { BulkRepository, type ReaderBulk } from './bulk.repository.js';
import type { BulkInput, BulkView } from './bulk.schemas.js';

/** Shorter words are found differently in the list, which does not go through everybody for them. */
const LEAST_WORD = 3;

const TOO_LATE = 'This is undone already, or can not be undone any more.';
const NOT_UNDONE: Record<BulkAction, string> = {
  unsubscribe: 'Readers who were unsubscribed come back only by signing up again.',
  suppress: TOO_LATE,
  add_digest: TOO_LATE,
  remove_digest: TOO_LATE,
};

const ABOUT_DIGEST: Record<BulkAction, boolean> = {
  unsubscribe: false,
  suppress: false,
  add_digest: true,
  remove_digest: true,
};

/** What operators do to many readers at once: counted, begun after a moment, worked off by a job, undone where that can be. */
@Injectable()
export class BulkService {
  constructor(
    private readonly publications: PublicationService,
    private readonly choices: Choices,
    private readonly finding: FindReaders,
    private readonly readers: BulkReadersRepository,
    private readonly bulks: BulkRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /**
   * @param madeBy name of the operator or key
   * @throws DomainError `invalid_input`; `conflict` when more readers are meant than were expected
   */
  async start(input: BulkInput, madeBy: string): Promise<BulkView> {
    const { id: publicationId } = await this.publications.current();
    const { action, expect } = input;
    const digestId = await this.digestOf(publicationId, input);
    if (action === 'add_digest' && !input.consent) {
      throw invalidField(
        'consent',
        'required',
        'To give readers a digest needs consent: say how they gave it.',
      );
    }
    const readers = await this.selectionOf(publicationId, input);
    const counts = readers
      ? await this.readers.count(publicationId, readers, { action, digestId })
      : { matched: 0, expected: 0 };
    if (expect !== undefined && counts.matched > expect) {
      throw new DomainError(
        'conflict',
        `By now ${counts.matched} readers are meant. Look again, then try again.`,
        {
          extra: counts,
        },
      );
    }
    const now = this.clock.now();
    const { source, at } = input.consent ?? {};
    const task: BulkTask | null = readers && {
      readers,
      statement: source === undefined ? null : { source, at: at?.toISOString() },
    };
    const row: ReaderBulk = {
      id: newId(),
      publicationId,
      action,
      digestId,
      task,
      state: 'waiting',
      ...counts,
      changed: 0,
      skipped: {},
      undone: 0,
      cursor: null,
      madeBy,
      beginsAt: new Date(now.getTime() + input.waitSeconds * 1000),
      createdAt: now,
      finishedAt: null,
    };
    if (input.dryRun)
      return { ...this.view(row), id: null, state: 'dry_run', canUndo: false, beginsAt: null };
    await this.bulks.insert(row);
    await this.enqueue(row.id, input.waitSeconds * 1000);
    return this.view(row);
  }

  async list(page: PageQuery): Promise<Page<BulkView>> {
    const { id } = await this.publications.current();
    const { data, nextCursor } = toPage(await this.bulks.page(id, page), page.limit);
    return { data: data.map((row) => this.view(row)), nextCursor };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<BulkView> {
    return this.view(await this.row(id));
  }

  /**
   * Calls it off while it waits; stops it, and takes back what was done where that can be.
   * @throws DomainError `not_found`; `wrong_state` when nothing can be undone, or not any more
   */
  async undo(id: string): Promise<BulkView> {
    for (;;) {
      const row = await this.row(id);
      const now = this.clock.now();
      const state = undoneState(row, now);
      if (!state) throw wrongState(NOT_UNDONE[row.action], row.state);
      const change = { state, task: null, finishedAt: state === 'cancelled' ? now : null };
      if (!(await this.bulks.move(id, row.state, change))) continue; // it has begun, or ended, in between
      if (state === 'undoing') await this.enqueue(id);
      return this.get(id);
    }
  }

  private async enqueue(bulkId: string, delayMs = 0): Promise<void> {
    await this.queue.enqueue('readers.bulk', { bulkId }, { delayMs });
  }

  private async row(id: string): Promise<ReaderBulk> {
    const { id: publicationId } = await this.publications.current();
    const row = isId(id) ? await this.bulks.find(publicationId, id) : undefined;
    if (!row) throw notFound('bulk action');
    return row;
  }

  private view({ publicationId: _, task: __, cursor: ___, ...row }: ReaderBulk): BulkView {
    return { ...row, canUndo: undoneState(row, this.clock.now()) !== null };
  }

  private async digestOf(publicationId: string, { action, digest }: BulkInput): Promise<string | null> {
    if (!ABOUT_DIGEST[action]) {
      if (digest === undefined) return null;
      throw invalidField('digest', 'unexpected', 'This action is about no digest; leave it out.');
    }
    if (digest === undefined) throw invalidField('digest', 'required', 'Say which digest.');
    const found = pick((await this.choices.offer(publicationId)).digests, digest);
    if (!found) throw invalidField('digest', 'unknown', 'There is no such digest.');
    return found.id;
  }

  /** @returns null when nobody can be meant */
  private async selectionOf(
    publicationId: string,
    { ids, filter, everybody }: BulkInput,
  ): Promise<ReaderSelection | null> {
    const given = [ids, filter, everybody].filter((one) => one !== undefined);
    if (given.length !== 1) {
      throw invalidField(
        'filter',
        'required',
        'Say who is meant, in one way: by ids, by a filter or everybody.',
      );
    }
    if (filter && Object.values(filter).every((one) => one === undefined || one === '')) {
      throw invalidField(
        'filter',
        'empty',
        'An empty filter means everybody; if that is meant, say everybody: true.',
      );
    }
    if (wordsOf(filter?.q).some((word) => Array.from(word).length < LEAST_WORD)) {
      throw invalidField('filter.q', 'too_short', `Look for words of at least ${LEAST_WORD} letters.`);
    }
    const wanted = await this.finding.wanted(publicationId, filter ?? {});
    if (!wanted) return null;
    const { publicationId: _, ...readers } = wanted;
    return { ...readers, ...(ids ? { ids } : {}) };
  }
}
