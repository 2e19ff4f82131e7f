import { Injectable } from '@nestjs/common';
import { inArray, lt } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { linkCheck } from '#database/schema/index.js';

export type LinkCheckRow = typeof linkCheck.$inferSelect;

/** What became of links when they were tried. */
@Injectable()
export class LinkCheckRepository {
  async find(db: Executor, urls: readonly string[]): Promise<LinkCheckRow[]> {
    if (urls.length === 0) return [];
    return db
      .select()
      .from(linkCheck)
      .where(inArray(linkCheck.url, [...urls]));
  }

  async keep(db: Executor, row: LinkCheckRow): Promise<void> {
    const { url: _url, ...found } = row;
    await db.insert(linkCheck).values(row).onConflictDoUpdate({ target: linkCheck.url, set: found });
  }

  async forget(db: Executor, before: Date): Promise<void> {
    await db.delete(linkCheck).where(lt(linkCheck.checkedAt, before));
  }
}
