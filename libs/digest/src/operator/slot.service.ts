import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { toPage, type Page } from '#kernel/input/page.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { notFound, wrongState } from '#kernel/errors/errors.js';
import { isId, newId } from '#kernel/ids.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { DigestRepository, type DigestRow } from '../model/digest.repository.js';
import { EditionRepository, type EditionRow } from '../model/edition.repository.js';
import { noTo } from '../model/slot-draft.js';
import { SlotEditions } from '../clock/slot-editions.js';
import { slotView, type Slot } from './slot-view.js';
import type { SlotQuery } from './slot.schemas.js';
import { SlotRepository, UNDECIDED, type SlotRow } from '../model/slot.repository.js';

/** Slots as operators deal with them. */
@Injectable()
export class SlotService {
  constructor(
    private readonly database: Database,
    private readonly slots: SlotRepository,
    private readonly slotEditions: SlotEditions,
    private readonly editions: EditionRepository,
    private readonly digests: DigestRepository,
    private readonly publications: PublicationService,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  /** Newest first. */
  async list({ limit, cursor, ...wanted }: SlotQuery): Promise<Page<Slot>> {
    const { id } = await this.publications.current();
    const filter = { ...wanted, limit: limit + 1, before: cursor };
    const page = toPage(await this.slots.page(this.database.db, id, filter), limit);
    return { ...page, data: page.data.map(slotView) };
  }

  /** @throws DomainError `not_found` */
  async get(id: string): Promise<Slot> {
    const publication = await this.publications.current();
    const row = isId(id) ? await this.slots.findById(this.database.db, publication.id, id) : undefined;
    if (!row) throw notFound('slot');
    return slotView(row);
  }

  /**
   * Fires a slot that is held: its readers get it now, those whose hour is still to come get it then.
   * @throws DomainError `not_found`; `wrong_state` with the slot's state when it is not held, or when the digest is archived
   */
  async send(id: string): Promise<Slot> {
    const now = this.clock.now();
    const { timeZone } = await this.publications.current();
    const slot = await this.decided(id, async (tx, digest, held) => {
      if (digest.archivedAt) throw wrongState('The digest is archived.', 'archived');
      const draft = held.editionId === null ? undefined : await this.editions.lockById(tx, held.editionId);
      const editionId = held.editionId ?? newId();
      const to = { status: 'fired', reason: null, decidedAt: now, editionId } as const;
      const fired = await this.slots.decide(tx, id, ['held'], to);
      if (!fired) return undefined;
      if (held.editionId === null) {
        await this.slotEditions.fire(tx, digest, fired, digest.timeZone ?? timeZone, editionId, now);
      } else {
        await this.sendDraft(tx, editionId, draft, now);
      }
      return fired;
    });
    const editionId = slot.editionId as string;
    await this.queue.enqueue('edition.prepare', { editionId }, { dedupeKey: editionId });
    return slotView(slot);
  }

  /**
   * Drops a slot that is held, or that is drafted and waits for a yes; its draft is cancelled.
   * @throws DomainError `not_found`; `wrong_state` with the slot's state when it is decided
   */
  async skip(id: string): Promise<Slot> {
    const now = this.clock.now();
    const slot = await this.decided(id, async (tx, _digest, { editionId }) => {
      const draft = editionId === null ? undefined : await this.editions.lockById(tx, editionId);
      const to = { status: 'skipped', decidedAt: now } as const;
      const skipped = await this.slots.decide(tx, id, UNDECIDED, to);
      if (skipped && draft?.status === 'draft') {
        const changes = { ...noTo(draft), finishedAt: now, updatedAt: now };
        await this.editions.transition(tx, draft.id, 'cancel', changes);
      }
      return skipped;
    });
    return slotView(slot);
  }

  /** The draft of a slot that nobody could be asked about at its time. */
  private async sendDraft(
    tx: Executor,
    editionId: string,
    draft: EditionRow | undefined,
    now: Date,
  ): Promise<void> {
    const sent = await this.editions.transition(tx, editionId, 'send', {
      startedAt: now,
      nextWaveAt: draft?.sendAt ?? now,
      updatedAt: now,
      approval: 'approved',
      approvedAt: now,
    });
    if (!sent) throw wrongState('The edition of this slot is no draft any more.', draft?.status ?? 'gone');
  }

  /** Decides a slot with its digest locked, so that nobody archives or reschedules it meanwhile. */
  private async decided(
    id: string,
    decide: (tx: Executor, digest: DigestRow, slot: SlotRow) => Promise<SlotRow | undefined>,
  ): Promise<SlotRow> {
    if (!isId(id)) throw notFound('slot');
    const publication = await this.publications.current();
    return this.database.transaction(async (tx) => {
      const known = await this.slots.findById(tx, publication.id, id);
      const digest = known && (await this.digests.lockById(tx, publication.id, known.digestId));
      const slot = digest && (await this.slots.findById(tx, publication.id, id));
      if (!slot) throw notFound('slot');
      const row = await decide(tx, digest, slot);
      if (row) return row;
      const { status } = (await this.slots.findById(tx, publication.id, id)) ?? slot;
      throw wrongState(`The slot is ${status}; there is nothing to decide.`, status);
    });
  }
}
