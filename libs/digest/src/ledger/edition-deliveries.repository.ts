import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { wordConditions } from '#audience/finding/reader-conditions.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { DeliveryStatus } from '#database/schema/index.js';

/** A row of the ledger, and whose it is. */
export interface DeliveryRow {
  subscriberId: string;
  /** Null: the reader was erased. */
  email: string | null;
  name: string | null;
  status: DeliveryStatus;
  attempts: number;
  inDoubt: boolean;
  smtpCode: number | null;
  smtpReply: string | null;
  dueAt: Date;
  acceptedAt: Date | null;
  updatedAt: Date;
}

/** Which rows of an edition's ledger are shown. */
export interface DeliveriesPage {
  /** `deferred` is tried and waiting; `queued` is not tried yet. */
  status?: DeliveryStatus | 'deferred' | undefined;
  /** Each must be in the reader's address or name. */
  words: readonly string[];
  /** The reader of the last row of the page before. */
  after?: string | undefined;
  limit: number;
}

/** So many rows are gone through before an index of the readers is asked: see `ReaderSearchRepository`. */
const LOOKED_AT = 5_000;

/** Written out, so that the planner sees which index has just these. */
const IN_STATUS: Record<DeliveryStatus | 'deferred', SQL> = {
  queued: sql`d.status = 'queued' AND d.attempts = 0`,
  deferred: sql`d.status = 'queued' AND d.attempts > 0`,
  claimed: sql`d.status = 'claimed'`,
  accepted: sql`d.status = 'accepted'`,
  failed: sql`d.status = 'failed'`,
  suppressed: sql`d.status = 'suppressed'`,
  expired: sql`d.status = 'expired'`,
  uncertain: sql`d.status = 'uncertain'`,
};

const all = (conditions: readonly SQL[]) => sql.join([...conditions], sql` AND `);

/** The ledger of an edition, read for operators. */
@Injectable()
export class EditionDeliveriesRepository {
  constructor(private readonly database: Database) {}

  /** By the readers' ids, ascending. */
  async page(editionId: string, page: DeliveriesPage): Promise<DeliveryRow[]> {
    const { words, limit, after } = page;
    if (words.length === 0) {
      return this.shown(sql`${ledger(editionId, page, after)} LIMIT ${limit}::int`, limit);
    }
    const first = await this.shown(
      sql`
        SELECT d.* FROM (${ledger(editionId, page, after)} LIMIT ${LOOKED_AT}::int) d
        JOIN subscriber s ON s.id = d.subscriber_id WHERE ${all(wordConditions(words, true))}`,
      limit,
    );
    if (first.length >= limit) return first;
    const last = await this.lastLookedAt(editionId, page);
    if (!last) return first;
    const rest = sql`
      WITH found AS MATERIALIZED (SELECT s.id FROM subscriber s WHERE ${all(wordConditions(words, false))})
      SELECT d.* FROM found JOIN delivery d ON d.subscriber_id = found.id
      WHERE ${all(conditionsOf(editionId, page, last))} ORDER BY d.subscriber_id LIMIT ${limit - first.length}::int`;
    return [...first, ...(await this.shown(rest, limit - first.length))];
  }

  /** The last of the rows that were gone through; undefined: they were all. */
  private async lastLookedAt(editionId: string, page: DeliveriesPage): Promise<string | undefined> {
    const rows = rowsOf<{ id: string }>(
      await this.database.db.execute(sql`
      SELECT subscriber_id AS id FROM (${ledger(editionId, page, page.after)}) d OFFSET ${LOOKED_AT - 1}::int LIMIT 2`),
    );
    return rows.length === 2 ? rows[0]?.id : undefined;
  }

  /** @param rows of the ledger, in their order */
  private async shown(rows: SQL, limit: number): Promise<DeliveryRow[]> {
    const found = await this.database.db.execute(sql`
      SELECT d.subscriber_id AS "subscriberId", s.email, s.name, d.status, d.attempts, d.in_doubt AS "inDoubt",
        d.smtp_code AS "smtpCode", d.smtp_reply AS "smtpReply", d.due_at AS "dueAt", d.accepted_at AS "acceptedAt",
        d.updated_at AS "updatedAt"
      FROM (${rows}) d LEFT JOIN subscriber s ON s.id = d.subscriber_id ORDER BY d.subscriber_id LIMIT ${limit}::int`);
    return rowsOf<DeliveryRow>(found).map((row) => ({
      ...row,
      dueAt: new Date(row.dueAt),
      acceptedAt: row.acceptedAt && new Date(row.acceptedAt),
      updatedAt: new Date(row.updatedAt),
    }));
  }
}

function conditionsOf(editionId: string, { status }: DeliveriesPage, after: string | undefined): SQL[] {
  return [
    sql`d.edition_id = ${editionId}::uuid`,
    ...(status ? [IN_STATUS[status]] : []),
    ...(after ? [sql`d.subscriber_id > ${after}::uuid`] : []),
  ];
}

function ledger(editionId: string, page: DeliveriesPage, after: string | undefined): SQL {
  return sql`SELECT d.* FROM delivery d WHERE ${all(conditionsOf(editionId, page, after))} ORDER BY d.subscriber_id`;
}
