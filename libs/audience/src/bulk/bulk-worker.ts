import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Choices } from '../choices/choices.js';
import { PublicationService } from '../publication/publication.service.js';
import { TermsService, type Terms } from '../publication/terms.service.js';
import { BulkActs, type ActContext } from './bulk-acts.js';
import { BulkReadersRepository, type BulkSpan } from './bulk-readers.repository.js';
import type { BulkTask } from './bulk-task.js';
import { BulkRepository, type ReaderBulk } from './bulk.repository.js';

/** Readers of one transaction: it holds their rows, and on the embedded store everybody else waits for it. */
const BATCH = 500;

/**
 * Works off what is done to many readers, batch by batch. How far it is stands in the row, in the transaction of the batch: whoever goes
 * on after a kill goes on there.
 */
@Injectable()
export class BulkWorker {
  /** Smaller in tests. */
  batch = BATCH;

  constructor(
    private readonly database: Database,
    private readonly bulks: BulkRepository,
    private readonly readers: BulkReadersRepository,
    private readonly acts: BulkActs,
    private readonly choices: Choices,
    private readonly terms: TermsService,
    private readonly publications: PublicationService,
    private readonly clock: Clock,
  ) {}

  /** Until it has ended, or the process is to stop. */
  async run(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.step(id)));
  }

  /** One batch. @returns whether there may be more */
  async step(id: string): Promise<boolean> {
    const seen = await this.bulks.byId(id);
    if (!seen) return false;
    const context = await this.contextOf(seen); // reads outside of the transaction
    return this.database.transaction(async (tx) => {
      const bulk = await this.bulks.hold(tx, id);
      if (!bulk || bulk.beginsAt > context.now) return false;
      if (bulk.cursor !== seen.cursor) return true; // another worker did it, and the terms that were looked up are of its readers
      if (bulk.state === 'waiting' || bulk.state === 'running') return this.goOn(tx, bulk, context);
      return bulk.state === 'undoing' && this.goBack(tx, bulk, context);
    });
  }

  private async goOn(tx: Executor, bulk: ReaderBulk, context: ActContext): Promise<boolean> {
    const span = this.spanOf(bulk);
    const readers = span ? await this.readers.lockNext(tx, span) : [];
    const { changed, changes, skipped } = await this.acts.act(tx, bulk.action, readers, context);
    await this.bulks.keep(tx, bulk.id, changes);
    const reasons = { ...bulk.skipped };
    for (const reason of skipped) reasons[reason] = (reasons[reason] ?? 0) + 1;
    const isOver = readers.length < this.batch;
    await this.bulks.update(tx, bulk.id, {
      state: isOver ? 'done' : 'running',
      changed: bulk.changed + changed,
      skipped: reasons,
      cursor: readers.at(-1)?.id ?? bulk.cursor,
      ...(isOver ? { finishedAt: context.now, task: null } : {}),
    });
    return !isOver;
  }

  private async goBack(tx: Executor, bulk: ReaderBulk, context: ActContext): Promise<boolean> {
    const changes = await this.bulks.take(tx, bulk.id, this.batch);
    const before = new Map(changes.map((change) => [change.subscriberId, change.before]));
    const readers = await this.readers.lockThese(tx, [...before.keys()]);
    const undone = await this.acts.undo(tx, bulk.action, readers, before, context);
    const isOver = changes.length < this.batch;
    await this.bulks.update(tx, bulk.id, {
      undone: bulk.undone + undone,
      ...(isOver ? { state: 'undone' as const, finishedAt: context.now } : {}),
    });
    return !isOver;
  }

  private spanOf({ id, publicationId, task, cursor }: ReaderBulk): BulkSpan | undefined {
    if (!task) return undefined;
    const { readers } = task as BulkTask;
    return { publicationId, readers, after: cursor, before: id, limit: this.batch };
  }

  private async contextOf(bulk: ReaderBulk): Promise<ActContext> {
    const { locale } = await this.publications.current();
    const span = this.spanOf(bulk);
    const termsIn = new Map<string, Terms>();
    if (bulk.action === 'add_digest' && span) {
      for (const one of new Set([locale, ...(await this.readers.localesOfNext(span))])) {
        termsIn.set(one, await this.terms.current(one));
      }
    }
    return {
      publicationId: bulk.publicationId,
      digestId: bulk.digestId,
      statement: (bulk.task as BulkTask | null)?.statement ?? null,
      offer: await this.choices.offer(bulk.publicationId),
      termsOf: (one) => termsIn.get(one) ?? termsIn.get(locale) ?? null,
      now: this.clock.now(),
    };
  }
}
