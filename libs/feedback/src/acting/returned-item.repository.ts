import { Injectable } from '@nestjs/common';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { returnedItem, type ReturnWay, type StoredReturnResult } from '#database/schema/index.js';

export type ReturnedItemRow = typeof returnedItem.$inferSelect;

/** One thing that came back, to be noted. */
export interface NewItem {
  id: string;
  publicationId: string;
  key: string;
  way: ReturnWay;
  kind: string;
  name: string | null;
  receivedAt: Date;
}

/** What came back, each noted once: whoever notes it acts on it. */
@Injectable()
export class ReturnedItemRepository {
  /** @returns whether it is new. One that another transaction is just noting is waited for */
  async note(tx: Executor, item: NewItem): Promise<boolean> {
    const rows = await tx
      .insert(returnedItem)
      .values(item)
      .onConflictDoNothing({ target: returnedItem.key })
      .returning({ id: returnedItem.id });
    return rows.length > 0;
  }

  /** As {@link note}, of many. @param items no key twice, in the order of their keys. @returns the ids of those that are new */
  async noteAll(tx: Executor, items: NewItem[]): Promise<Set<string>> {
    if (items.length === 0) return new Set();
    const rows = await tx
      .insert(returnedItem)
      .values(items)
      .onConflictDoNothing({ target: returnedItem.key })
      .returning({ id: returnedItem.id });
    return new Set(rows.map(({ id }) => id));
  }

  /** @param results by the item's id */
  async setResults(tx: Executor, results: ReadonlyMap<string, readonly StoredReturnResult[]>): Promise<void> {
    if (results.size === 0) return;
    const list = JSON.stringify([...results].map(([id, its]) => ({ id, results: its })));
    await tx.execute(sql`
      UPDATE returned_item r SET results = k.results
      FROM jsonb_to_recordset(${list}::jsonb) AS k(id uuid, results jsonb) WHERE r.id = k.id`);
  }

  async resultsOf(db: Executor, key: string): Promise<StoredReturnResult[]> {
    const [row] = await db
      .select({ results: returnedItem.results })
      .from(returnedItem)
      .where(eq(returnedItem.key, key));
    return row?.results ?? [];
  }

  /** Newest first; one row more than asked for. */
  async page(
    db: Executor,
    publicationId: string,
    { kind, cursor, limit }: { kind?: string | undefined; cursor?: string | undefined; limit: number },
  ): Promise<ReturnedItemRow[]> {
    return db
      .select()
      .from(returnedItem)
      .where(
        and(
          eq(returnedItem.publicationId, publicationId),
          kind === undefined ? undefined : eq(returnedItem.kind, kind),
          cursor === undefined ? undefined : lt(returnedItem.id, cursor),
        ),
      )
      .orderBy(desc(returnedItem.id))
      .limit(limit + 1);
  }
}
