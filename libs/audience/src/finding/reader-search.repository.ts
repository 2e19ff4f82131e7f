import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import { allConditions, indexedConditions, type WantedReaders } from './reader-conditions.js';
import type { ReaderOrder } from './reader-query.js';

/** Which part of the readers that are meant. */
export interface ReaderSpan {
  order: ReaderOrder;
  /** The last reader of the page before. */
  after?: string | undefined;
  /** One that is shown elsewhere. */
  without?: string | undefined;
  limit: number;
}

/** What was found, and how many there are of it in all. */
export interface FoundReaders {
  ids: string[];
  /** Undefined: that was not counted. */
  total?: number | undefined;
}

/**
 * So many readers are looked at one by one before an index is asked: what every two-hundredth reader has is found among them at once, and
 * it costs some ten milliseconds where it is not.
 */
const LOOKED_AT = 10_000;

const ORDERS: Record<ReaderOrder, { key: SQL; direction: SQL; beyond: SQL }> = {
  newest: { key: sql`s.id`, direction: sql`DESC`, beyond: sql`<` },
  oldest: { key: sql`s.id`, direction: sql`ASC`, beyond: sql`>` },
  address: {
    key: sql`s.email_normalised`,

    direction: sql`ASC`,
    beyond: sql`>`,
  },
};

const all = (conditions: readonly SQL[]) => sql.join([...conditions], sql` AND `);

/**
 * Finds readers among a million. No plan is good for all: what many have is found at once by going through them from the newest, what few
 * have by its index, and the planner cannot know which it is. So the first ten thousand are gone through, and only then an index is
 * asked for what lies beyond.
 */
@Injectable()
export class ReaderSearchRepository {
  constructor(private readonly database: Database) {}

  /** In their order. The caller asks for one more than it shows. */
  async find(wanted: WantedReaders, span: ReaderSpan): Promise<FoundReaders> {
    if (isPlain(wanted)) return { ids: await this.inOrder(wanted, span, span.after) };
    const first = await this.amongFirst(wanted, span);
    if (first.length >= span.limit) return { ids: first };
    const last = await this.lastLookedAt(wanted, span);
    if (!last) return { ids: first, total: first.length };
    const rest = { ...span, limit: span.limit - first.length };
    if (isIndexed(wanted)) return { ids: [...first, ...(await this.inOrder(wanted, rest, last))] };
    const { ids, total } = await this.byIndex(wanted, rest, last);
    return { ids: [...first, ...ids], total: first.length + total };
  }

  /** The id of the reader with an address, if they are meant. */
  async withAddress(wanted: WantedReaders, normalised: string): Promise<string | undefined> {
    const [row] = await this.rows<{ id: string }>(sql`
      SELECT s.id FROM subscriber s
      WHERE s.email_normalised = ${normalised} AND ${all(allConditions({ ...wanted, words: [] }, true))}`);
    return row?.id;
  }

  /** How many there are, as the planner guesses by its statistics. */
  async estimate(wanted: WantedReaders): Promise<number> {
    const [row] = await this.rows<Record<string, unknown>>(sql`
      EXPLAIN (FORMAT JSON) SELECT 1 FROM subscriber s WHERE ${all(allConditions(wanted, true))}`);
    const given = Object.values(row ?? {})[0];
    const [plan] = (typeof given === 'string' ? JSON.parse(given) : given) as {
      Plan: { 'Plan Rows': number };
    }[];
    return plan?.Plan['Plan Rows'] ?? 0;
  }

  /** Ids of a digest and a topic, by id or slug; null: there is none. */
  async idOf(table: 'digest' | 'topic', publicationId: string, reference: string): Promise<string | null> {
    const [row] = await this.rows<{ id: string }>(sql`
      SELECT id FROM ${sql.raw(table)}
      WHERE publication_id = ${publicationId}::uuid AND (id::text = ${reference} OR slug = ${reference})`);
    return row?.id ?? null;
  }

  private async amongFirst(wanted: WantedReaders, span: ReaderSpan): Promise<string[]> {
    return this.ids(sql`
      SELECT s.id FROM (${this.looked(wanted, span, sql`*`)} LIMIT ${LOOKED_AT}::int) s
      WHERE ${all(allConditions(wanted, true))} LIMIT ${span.limit}::int`);
  }

  /** The last of those that were gone through; undefined: they were all there are. */
  private async lastLookedAt(wanted: WantedReaders, span: ReaderSpan): Promise<string | undefined> {
    const two = await this.ids(
      sql`${this.looked(wanted, span, sql`id`)} OFFSET ${LOOKED_AT - 1}::int LIMIT 2`,
    );
    return two.length === 2 ? two[0] : undefined;
  }

  private looked(wanted: WantedReaders, span: ReaderSpan, columns: SQL): SQL {
    const { key, direction } = ORDERS[span.order];
    const conditions = [...indexedConditions(wanted), ...spanConditions(span, span.after)];
    return sql`SELECT ${columns} FROM subscriber s WHERE ${all(conditions)} ORDER BY ${key} ${direction}`;
  }

  /** Those that an index has in their order. */
  private inOrder(wanted: WantedReaders, span: ReaderSpan, after: string | undefined): Promise<string[]> {
    const { key, direction } = ORDERS[span.order];
    return this.ids(sql`
      SELECT s.id FROM subscriber s WHERE ${all([...allConditions(wanted, false), ...spanConditions(span, after)])}
      ORDER BY ${key} ${direction} LIMIT ${span.limit}::int`);
  }

  /** All of them, of which the first are answered: the planner must not hope that it will soon have come across enough. */
  private async byIndex(wanted: WantedReaders, span: ReaderSpan, after: string) {
    const { key, direction } = ORDERS[span.order];
    const rows = await this.rows<{ id: string; total: number }>(sql`
      WITH found AS MATERIALIZED (
        SELECT s.id, ${key} AS key FROM subscriber s
        WHERE ${all([...allConditions(wanted, false), ...spanConditions(span, after)])})
      SELECT id, count(*) OVER ()::int AS total FROM found ORDER BY key ${direction} LIMIT ${span.limit}::int`);
    return { ids: rows.map((row) => row.id), total: rows[0]?.total ?? 0 };
  }

  private async ids(query: SQL): Promise<string[]> {
    return (await this.rows<{ id: string }>(query)).map((row) => row.id);
  }

  private async rows<T>(query: SQL): Promise<T[]> {
    return rowsOf<T>(await this.database.db.execute(query));
  }
}

function spanConditions({ order, without }: ReaderSpan, after: string | undefined): SQL[] {
  const { key, beyond } = ORDERS[order];
  const place =
    order === 'address'
      ? sql`(SELECT c.email_normalised FROM subscriber c WHERE c.id = ${after}::uuid)`
      : sql`${after}::uuid`;
  return [
    ...(after ? [sql`${key} ${beyond} ${place}`] : []),
    ...(without ? [sql`s.id <> ${without}::uuid`] : []),
  ];
}

/** One index has all of them in their order: nothing is passed over. */
function isPlain({ words, attributes, ...wanted }: WantedReaders): boolean {
  const { status, source, locale, digestId, topicId, inactive } = wanted;
  const others = [digestId, topicId, inactive, ...words, ...attributes];
  const indexed = [status, source, locale].filter((one) => one !== undefined);
  return indexed.length <= 1 && others.every((one) => one === undefined);
}

/** Each condition has an index in the order of ids. */
function isIndexed({ words, attributes, topicId, inactive }: WantedReaders): boolean {
  return words.length === 0 && attributes.length === 0 && topicId === undefined && inactive === undefined;
}
