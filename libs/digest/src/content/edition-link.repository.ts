import { Injectable } from '@nestjs/common';
import { asc, eq } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { editionLink } from '#database/schema/index.js';

export type EditionLinkRow = typeof editionLink.$inferSelect;

/** Rows of a statement: each has four parameters, of which a statement may have 65,535. */
const ROWS = 5_000;

/** Where the links of editions lead. */
@Injectable()
export class EditionLinkRepository {
  /** In the order of their numbers. */
  async of(db: Executor, editionId: string): Promise<EditionLinkRow[]> {
    return db
      .select()
      .from(editionLink)
      .where(eq(editionLink.editionId, editionId))
      .orderBy(asc(editionLink.number));
  }

  async insert(tx: Executor, rows: readonly EditionLinkRow[]): Promise<void> {
    for (let from = 0; from < rows.length; from += ROWS) {
      await tx.insert(editionLink).values(rows.slice(from, from + ROWS));
    }
  }
}
