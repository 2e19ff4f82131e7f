import { Injectable } from '@nestjs/common';
import { sql, type SQL } from 'drizzle-orm';
import { EDITION_NUMBERS, type EditionNumber } from '#audience/numbers/edition-numbers.js';
import { AUDIENCE_NUMBERS, type AudienceNumber } from '#audience/numbers/count-readers.js';
import { Database } from '#database/database.js';
import { rowsOf } from '#database/rows.js';
import type { Clicks } from './click-number.js';

/** Of which editions: of one, of a digest's, of all. */
export interface EditionScope {
  publicationId: string;
  editionId?: string;
  digestId?: string;
}

/** Full hours, the second exclusive. */
export interface Hours {
  from: Date;
  to: Date;
}

/** What rows are made of. */
export type EditionKey = 'edition' | 'provider' | 'hour';

/** An id, a provider, a form; or an hour as RFC 3339. */
export interface Keyed {
  key: string;
}
export type EditionRow = Keyed & Record<EditionNumber, number>;
export type AudienceRow = Keyed & Record<AudienceNumber, number>;
export type ClickRow = Keyed & Clicks;

/** `2027-01-05T09:00:00Z`, whatever driver. */
export const hourAsText = sql`to_char(n.hour AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
const EDITION_KEYS: Readonly<Record<EditionKey, SQL>> = {
  edition: sql`n.edition_id`,
  provider: sql`n.provider`,
  hour: hourAsText,
};
/** Columns by their names. */
export const numbersOf = (names: readonly string[]) =>
  sql.join(
    names.map((name) => sql.raw(`"${name}"`)),
    sql`, `,
  );
/** The numbers of mails, added up; a row of a million readers and of years is more than an integer holds. */
export const mailSums = sql.join(
  EDITION_NUMBERS.map((name) => sql`coalesce(sum(n.${sql.raw(name)}), 0)::float8 AS ${sql.raw(name)}`),
  sql`, `,
);
export const clickSums = sql`coalesce(sum(n.people), 0)::float8 AS people, coalesce(sum(n.scanners), 0)::float8 AS scanners`;

/**
 * What was counted, added up: what the tick has folded and what it has not, read by one statement, and so from one moment. No
 * row of the ledger is read.
 */
@Injectable()
export class StatsRepository {
  constructor(private readonly database: Database) {}

  /** The numbers of editions by one key, in its order. @param hours null: the whole time */
  async editions(scope: EditionScope, by: EditionKey, hours: Hours | null): Promise<EditionRow[]> {
    const where = sql`n.edition_id IN (${idsOf(scope)}) ${within(hours)}`;
    const columns = sql`n.edition_id, n.provider, n.hour, ${numbersOf(EDITION_NUMBERS)}`;
    return this.rows(sql`
      SELECT ${EDITION_KEYS[by]} AS key, ${mailSums} FROM (
        SELECT ${columns} FROM edition_number n WHERE ${where}
        UNION ALL SELECT ${columns} FROM edition_number_delta n WHERE ${where}) n
      GROUP BY 1 ORDER BY 1`);
  }

  /** The clicks in editions by one key, in its order. @param hours null: the whole time */
  async clicks(
    scope: EditionScope,
    by: Exclude<EditionKey, 'provider'> | 'all',
    hours: Hours | null,
  ): Promise<ClickRow[]> {
    return this.rows(sql`
      SELECT ${by === 'all' ? sql`'all'` : EDITION_KEYS[by]} AS key, ${clickSums} FROM edition_clicks n
      WHERE n.edition_id IN (${idsOf(scope)}) ${within(hours)} GROUP BY 1 ORDER BY 1`);
  }

  /** Sign-ups and what became of them, by form or hour. */
  async audience(publicationId: string, by: 'source' | 'hour', hours: Hours): Promise<AudienceRow[]> {
    const names = Object.entries(AUDIENCE_NUMBERS);
    const where = sql`n.publication_id = ${publicationId}::uuid ${within(hours)}`;
    const columns = sql`n.source, n.hour, ${numbersOf(Object.values(AUDIENCE_NUMBERS))}`;
    const sums = names.map(
      ([name, column]) => sql`sum(${sql.raw(`"${column}"`)})::int AS ${sql.raw(`"${name}"`)}`,
    );
    return this.rows(sql`
      SELECT ${by === 'source' ? sql`n.source` : hourAsText} AS key, ${sql.join(sums, sql`, `)} FROM (
        SELECT ${columns} FROM audience_number n WHERE ${where}
        UNION ALL SELECT ${columns} FROM audience_number_delta n WHERE ${where}) n
      GROUP BY 1 ORDER BY 1`);
  }

  /** Whether the publication has it. */
  async has(
    what: 'article' | 'digest' | 'edition' | 'topic',
    publicationId: string,
    id: string,
  ): Promise<boolean> {
    const found = await this.rows(sql`
      SELECT 1 AS one FROM ${sql.raw(what)} WHERE id = ${id}::uuid AND publication_id = ${publicationId}::uuid`);
    return found.length > 0;
  }

  private async rows<T>(query: SQL): Promise<T[]> {
    return rowsOf<T>(await this.database.db.execute(query));
  }
}

function idsOf({ publicationId, editionId, digestId }: EditionScope): SQL {
  return sql`
    SELECT id FROM edition WHERE publication_id = ${publicationId}::uuid
    ${editionId ? sql`AND id = ${editionId}::uuid` : sql``} ${digestId ? sql`AND digest_id = ${digestId}::uuid` : sql``}`;
}

/** The condition that a row `n` is of these hours, to be added to another. */
export function within(hours: Hours | null): SQL {
  if (!hours) return sql``;
  return sql`AND n.hour >= ${hours.from.toISOString()}::timestamptz AND n.hour < ${hours.to.toISOString()}::timestamptz`;
}
