import { Injectable } from '@nestjs/common';
import { and, desc, eq, inArray, isNull, like, lt } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { digest, edition, publication, type EditionStatus } from '#database/schema/index.js';

export type DigestRow = typeof digest.$inferSelect;
export type NewDigest = typeof digest.$inferInsert;

/** Digests in the database. */
@Injectable()
export class DigestRepository {
  /** Until the transaction ends no other can make a digest: only one is the first. */
  async lockPublication(tx: Executor, publicationId: string): Promise<void> {
    await tx
      .select({ id: publication.id })
      .from(publication)
      .where(eq(publication.id, publicationId))
      .for('no key update');
  }

  async hasAny(db: Executor, publicationId: string): Promise<boolean> {
    const rows = await db
      .select({ id: digest.id })
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), isNull(digest.archivedAt)))
      .limit(1);
    return rows.length > 0;
  }

  async insert(tx: Executor, row: NewDigest): Promise<void> {
    await tx.insert(digest).values(row);
  }

  async findById(db: Executor, publicationId: string, id: string): Promise<DigestRow | undefined> {
    const [row] = await db
      .select()
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), eq(digest.id, id)));
    return row;
  }

  /** Locks the digest until the transaction ends. */
  async lockById(tx: Executor, publicationId: string, id: string): Promise<DigestRow | undefined> {
    const [row] = await tx
      .select()
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), eq(digest.id, id)))
      .for('update');
    return row;
  }

  async slugsBeginningWith(db: Executor, publicationId: string, stem: string): Promise<string[]> {
    const rows = await db
      .select({ slug: digest.slug })
      .from(digest)
      .where(and(eq(digest.publicationId, publicationId), like(digest.slug, `${stem}%`)));
    return rows.map((row) => row.slug);
  }

  /** Those not archived, newest first by id. */
  async page(db: Executor, publicationId: string, limit: number, before?: string): Promise<DigestRow[]> {
    return db
      .select()
      .from(digest)
      .where(
        and(
          eq(digest.publicationId, publicationId),
          isNull(digest.archivedAt),
          before ? lt(digest.id, before) : undefined,
        ),
      )
      .orderBy(desc(digest.id))
      .limit(limit);
  }

  async update(tx: Executor, id: string, changes: Partial<NewDigest>): Promise<void> {
    await tx.update(digest).set(changes).where(eq(digest.id, id));
  }

  async delete(tx: Executor, id: string): Promise<void> {
    await tx.delete(digest).where(eq(digest.id, id));
  }

  async hasEditions(db: Executor, digestId: string): Promise<boolean> {
    const rows = await db
      .select({ id: edition.id })
      .from(edition)
      .where(eq(edition.digestId, digestId))
      .limit(1);
    return rows.length > 0;
  }

  /** The state of an edition that waits for its time or is under way, if there is one. */
  async openEdition(db: Executor, digestId: string): Promise<EditionStatus | undefined> {
    const [row] = await db
      .select({ status: edition.status })
      .from(edition)
      .where(
        and(
          eq(edition.digestId, digestId),
          inArray(edition.status, ['scheduled', 'preparing', 'sending', 'paused']),
        ),
      )
      .limit(1);
    return row?.status;
  }
}
