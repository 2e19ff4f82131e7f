import { Injectable } from '@nestjs/common';
import { and, desc, eq, gt, lte } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { editionVersion } from '#database/schema/index.js';

export type VersionRow = typeof editionVersion.$inferSelect;

/** What editions were before, in the database. */
@Injectable()
export class VersionRepository {
  /** Newest first. @param after only what came after this version */
  async list(db: Executor, editionId: string, limit: number, after = 0): Promise<VersionRow[]> {
    return db
      .select()
      .from(editionVersion)
      .where(and(eq(editionVersion.editionId, editionId), gt(editionVersion.version, after)))
      .orderBy(desc(editionVersion.version))
      .limit(limit);
  }

  async find(db: Executor, editionId: string, version: number): Promise<VersionRow | undefined> {
    const [row] = await db
      .select()
      .from(editionVersion)
      .where(and(eq(editionVersion.editionId, editionId), eq(editionVersion.version, version)));
    return row;
  }

  async insert(tx: Executor, row: VersionRow): Promise<void> {
    await tx.insert(editionVersion).values(row);
  }

  /** Puts a row's version in place of the one that its author began it with. */
  async goOn(tx: Executor, before: VersionRow, changes: Omit<VersionRow, 'editionId'>): Promise<void> {
    const { editionId, version } = before;
    await tx
      .update(editionVersion)
      .set(changes)
      .where(and(eq(editionVersion.editionId, editionId), eq(editionVersion.version, version)));
  }

  /** Keeps the newest rows of an edition. */
  async prune(tx: Executor, editionId: string, keep: number): Promise<void> {
    const [last] = await tx
      .select({ version: editionVersion.version })
      .from(editionVersion)
      .where(eq(editionVersion.editionId, editionId))
      .orderBy(desc(editionVersion.version))
      .offset(keep)
      .limit(1);
    if (!last) return;
    const isOld = and(eq(editionVersion.editionId, editionId), lte(editionVersion.version, last.version));
    await tx.delete(editionVersion).where(isOld);
  }
}
