import { Injectable } from '@nestjs/common';
import { asc, inArray, sql, type SQL } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { subscriber, type BulkAction } from '#database/schema/index.js';
import { allConditions } from '../finding/reader-conditions.js';
import type { Subscriber } from '../subscribers/subscriber.repository.js';
import type { ReaderSelection } from './bulk-task.js';

/** Which part of the readers that are meant. */
export interface BulkSpan {
  publicationId: string;
  readers: ReaderSelection;
  after: string | null;
  /** Who came later is not meant. */
  before: string;
  limit: number;
}

const isSuppressed = sql`EXISTS (SELECT 1 FROM suppression p
  WHERE p.publication_id = s.publication_id AND p.address_hmac = s.address_hmac)`;
const hasDigest = (digestId: string | null) =>
  sql`EXISTS (SELECT 1 FROM subscription u WHERE u.subscriber_id = s.id AND u.digest_id = ${digestId}::uuid)`;

/** Who is changed by an action, of those that are meant: for the count beforehand. */
const CHANGED: Record<BulkAction, (digestId: string | null) => SQL> = {
  unsubscribe: () => sql`s.status IN ('pending', 'active', 'bounced')`,
  suppress: () => sql`NOT ${isSuppressed}`,
  add_digest: (digestId) => sql`s.status = 'active' AND NOT ${isSuppressed} AND NOT ${hasDigest(digestId)}`,
  remove_digest: hasDigest,
};

/** The readers who are meant by an action, gone through by their ids. */
@Injectable()
export class BulkReadersRepository {
  constructor(private readonly database: Database) {}

  /** How many are meant, and how many of them the action changes. */
  async count(
    publicationId: string,
    readers: ReaderSelection,
    { action, digestId }: { action: BulkAction; digestId: string | null },
  ): Promise<{ matched: number; expected: number }> {
    const [row] = rowsOf<{ matched: number; expected: number }>(
      await this.database.db.execute(sql`
        SELECT count(*)::int AS matched, (count(*) FILTER (WHERE ${CHANGED[action](digestId)}))::int AS expected
        FROM subscriber s WHERE ${meant(publicationId, readers)}`),
    );
    return row ?? { matched: 0, expected: 0 };
  }

  /** The next of them, locked, in the order of their ids. */
  async lockNext(tx: Executor, span: BulkSpan): Promise<Subscriber[]> {
    const found = await tx.execute(sql`${next(sql`s.id`, span)} FOR UPDATE`);
    return this.rows(
      tx,
      rowsOf<{ id: string }>(found).map((row) => row.id),
    );
  }

  /** Those of these that are there, locked. */
  async lockThese(tx: Executor, ids: readonly string[]): Promise<Subscriber[]> {
    if (ids.length === 0) return [];
    return tx
      .select()
      .from(subscriber)
      .where(inArray(subscriber.id, [...ids]))
      .orderBy(asc(subscriber.id))
      .for('update');
  }

  /** The languages of the next of them. */
  async localesOfNext(span: BulkSpan): Promise<string[]> {
    const found = await this.database.db.execute(
      sql`SELECT DISTINCT locale FROM (${next(sql`s.id, s.locale`, span)}) n`,
    );
    return rowsOf<{ locale: string }>(found).map((row) => row.locale);
  }

  private async rows(tx: Executor, ids: string[]): Promise<Subscriber[]> {
    if (ids.length === 0) return [];
    return tx.select().from(subscriber).where(inArray(subscriber.id, ids)).orderBy(asc(subscriber.id));
  }
}

function meant(publicationId: string, { ids, ...wanted }: ReaderSelection): SQL {
  const conditions = allConditions({ ...wanted, publicationId }, true);
  if (ids)
    conditions.push(
      sql`s.id = ANY(${sql`ARRAY[${sql.join(
        ids.map((id) => sql`${id}`),
        sql`, `,
      )}]::uuid[]`})`,
    );
  return sql.join(conditions, sql` AND `);
}

function next(columns: SQL, { publicationId, readers, after, before, limit }: BulkSpan): SQL {
  const beyond = after ? sql`AND s.id > ${after}::uuid` : sql``;
  return sql`
    SELECT ${columns} FROM subscriber s WHERE ${meant(publicationId, readers)} AND s.id < ${before}::uuid ${beyond}
    ORDER BY s.id LIMIT ${limit}::int`;
}
