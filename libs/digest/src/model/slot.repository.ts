import { Injectable } from '@nestjs/common';
import {
  and,
  asc,
  desc,
  eq,
  getTableColumns,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  lte,
  ne,
  notExists,
  or,
  sql,
  type SQL,
} from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { digest, edition, editionArticle, slot, type SlotStatus } from '#database/schema/index.js';
import type { DigestRow } from './digest.repository.js';

export type SlotRow = typeof slot.$inferSelect;
export type NewSlot = typeof slot.$inferInsert;

/** Slots that are not decided. */
export const UNDECIDED: readonly SlotStatus[] = ['open', 'held'];

const isScheduled = and(isNotNull(digest.cron), isNull(digest.archivedAt));
/** Slots are found through their digest's publication. */
const ofPublication = (publicationId: string) =>
  sql`${slot.digestId} IN (SELECT id FROM digest WHERE publication_id = ${publicationId})`;

/** A slot that waits for a yes, and its draft. */
interface OpenSlot {
  slotId: string;
  editionId: string;
}

/**
 * Slots in the database. Whoever changes several rows locks the digest first, then the edition, then the slot. That a slot
 * is decided once is a conditional update.
 */
@Injectable()
export class SlotRepository {
  /** The digests of a publication that have a schedule. */
  async scheduledDigests(db: Executor, publicationId: string): Promise<DigestRow[]> {
    return db
      .select()
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), isScheduled))
      .orderBy(asc(digest.id));
  }

  /** Locks a digest until the transaction ends; undefined when another has it, or it has no schedule any more. */
  async lockScheduled(tx: Executor, digestId: string): Promise<DigestRow | undefined> {
    const [row] = await tx
      .select()
      .from(digest)
      .where(and(eq(digest.id, digestId), isScheduled))
      .for('update', { skipLocked: true });
    return row;
  }

  async moveCursor(tx: Executor, digestId: string, through: Date): Promise<void> {
    await tx.update(digest).set({ scheduledThrough: through }).where(eq(digest.id, digestId));
  }

  /** @returns false when there is a slot of the digest at this time; the transaction goes on */
  async insertUnlessThere(tx: Executor, row: NewSlot): Promise<boolean> {
    const rows = await tx.insert(slot).values(row).onConflictDoNothing().returning({ id: slot.id });
    return rows.length === 1;
  }

  async findById(db: Executor, publicationId: string, id: string): Promise<SlotRow | undefined> {
    const [row] = await db
      .select()
      .from(slot)
      .where(and(eq(slot.id, id), ofPublication(publicationId)));
    return row;
  }

  /** Newest first by id. */
  async page(
    db: Executor,
    publicationId: string,
    filter: {
      digestId?: string | undefined;
      status?: SlotStatus | undefined;
      limit: number;
      before?: string | undefined;
    },
  ): Promise<SlotRow[]> {
    return db
      .select()
      .from(slot)
      .where(
        and(
          ofPublication(publicationId),
          filter.digestId ? eq(slot.digestId, filter.digestId) : undefined,
          filter.status ? eq(slot.status, filter.status) : undefined,
          filter.before ? lt(slot.id, filter.before) : undefined,
        ),
      )
      .orderBy(desc(slot.id))
      .limit(filter.limit);
  }

  /** Slots whose `at`, in their own notation, is in [from, to), ascending. */
  async between(
    db: Executor,
    publicationId: string,
    range: { from: Date; to: Date; digestId?: string | undefined; limit: number },
  ): Promise<SlotRow[]> {
    return db
      .select()
      .from(slot)
      .where(
        and(
          ofPublication(publicationId),
          gte(slot.at, range.from),
          lt(slot.at, range.to),
          range.digestId ? eq(slot.digestId, range.digestId) : undefined,
        ),
      )
      .orderBy(asc(slot.at), asc(slot.id))
      .limit(range.limit);
  }

  /** Open slots whose draft was made without articles, which nobody has changed or decided; the earliest first. */
  async openEmpty(db: Executor, publicationId: string, limit: number): Promise<OpenSlot[]> {
    const articles = db
      .select({ one: sql`1` })
      .from(editionArticle)
      .where(eq(editionArticle.editionId, edition.id));
    const isUntouched = and(
      eq(edition.status, 'draft'),
      eq(edition.approval, 'waiting'),
      eq(edition.updatedAt, edition.createdAt),
      notExists(articles),
    );
    return this.open(db, publicationId, isUntouched, limit);
  }

  /** Open slots whose time for a yes is over, or whose edition is no draft any more; the earliest first. */
  async openDue(db: Executor, publicationId: string, now: Date, limit: number): Promise<OpenSlot[]> {
    const isDue = or(lte(edition.sendAt, now), ne(edition.status, 'draft'));
    return this.open(db, publicationId, isDue, limit);
  }

  private async open(
    db: Executor,
    publicationId: string,
    condition: SQL | undefined,
    limit: number,
  ): Promise<OpenSlot[]> {
    return db
      .select({ slotId: slot.id, editionId: edition.id })
      .from(slot)
      .innerJoin(edition, eq(edition.id, slot.editionId))
      .where(and(eq(slot.status, 'open'), eq(edition.publicationId, publicationId), condition))
      .orderBy(asc(edition.sendAt))
      .limit(limit);
  }

  /** The slots of a digest whose editions nobody has got yet: they wait for a yes, or for the first readers who are due. */
  async waitingOf(tx: Executor, digestId: string): Promise<SlotRow[]> {
    return tx
      .select(getTableColumns(slot))
      .from(slot)
      .innerJoin(edition, eq(edition.slotId, slot.id))
      .where(
        and(
          eq(slot.digestId, digestId),
          inArray(slot.status, ['open', 'fired']),
          inArray(edition.status, ['draft', 'scheduled']),
        ),
      )
      .orderBy(asc(slot.at));
  }

  /** Decides a slot if it is in one of these states at the moment of the update. */
  async decide(
    tx: Executor,
    id: string,
    from: readonly SlotStatus[],
    changes: { status: SlotStatus; decidedAt: Date; reason?: string | null; editionId?: string },
  ): Promise<SlotRow | undefined> {
    const [row] = await tx
      .update(slot)
      .set(changes)
      .where(and(eq(slot.id, id), inArray(slot.status, [...from])))
      .returning();
    return row;
  }

  /** Decides the slot that an edition was made for, if nobody has. */
  async decideOf(
    tx: Executor,
    editionId: string,
    changes: { status: SlotStatus; decidedAt: Date; reason?: string | null },
  ): Promise<void> {
    await tx
      .update(slot)
      .set(changes)
      .where(and(eq(slot.editionId, editionId), inArray(slot.status, [...UNDECIDED])));
  }

  /** The drafts of a digest's slots that were not decided in time. */
  async heldDraftsOf(tx: Executor, digestId: string): Promise<string[]> {
    const rows = await tx
      .select({ editionId: edition.id })
      .from(slot)
      .innerJoin(edition, eq(edition.id, slot.editionId))
      .where(and(eq(slot.digestId, digestId), eq(slot.status, 'held')))
      .orderBy(asc(edition.id));
    return rows.map(({ editionId }) => editionId);
  }

  /** Skips the held slots of a digest: what it missed needs no decision any more. */
  async skipHeldOf(tx: Executor, digestId: string, reason: string, now: Date): Promise<void> {
    await tx
      .update(slot)
      .set({ status: 'skipped', reason, decidedAt: now })
      .where(and(eq(slot.digestId, digestId), eq(slot.status, 'held')));
  }

  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(slot).where(eq(slot.id, id));
  }

  /** By digest: when the next thing of an edition that exists is due. */
  async nextOfEditions(db: Executor, digestIds: readonly string[]): Promise<Map<string, Date>> {
    if (digestIds.length === 0) return new Map();
    const due = sql`CASE WHEN ${edition.status} IN ('preparing', 'sending') THEN ${edition.nextWaveAt}
      WHEN ${edition.status} = 'scheduled' OR ${slot.status} = 'open' THEN ${edition.sendAt} END`;
    const rows = await db
      .select({ digestId: edition.digestId, at: sql<Date | null>`min(${due})`.mapWith(edition.sendAt) })
      .from(edition)
      .leftJoin(slot, eq(slot.editionId, edition.id))
      .where(
        and(
          inArray(edition.digestId, [...digestIds]),
          inArray(edition.status, ['draft', 'scheduled', 'preparing', 'sending']),
        ),
      )
      .groupBy(edition.digestId);
    return new Map(rows.flatMap(({ digestId, at }) => (at ? [[digestId, at] as const] : [])));
  }
}
