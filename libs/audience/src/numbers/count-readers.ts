import { sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { fullHour } from './full-hour.js';

/** What is counted of the audience, and its column. */
export const AUDIENCE_NUMBERS = {
  /** Came: as somebody new, or back after they had left, bounced or complained. */
  signUps: 'sign_ups',
  /** Became active, by the link in their mail or by an operator's statement. */
  confirmed: 'confirmed',
  /** Left by themselves, were taken out by an operator, or erased. */
  left: 'left',
  bounced: 'bounced',
  complained: 'complained',
} as const;
export type AudienceNumber = keyof typeof AUDIENCE_NUMBERS;

/** Of whom no consent says by which form they came: an operator added them, by hand or by file. */
export const BY_OPERATOR = 'operator';

/** A reader, and what is to be counted of them. */
export interface CountedReader {
  id: string;
  counts: readonly AudienceNumber[];
}

/**
 * Adds to the numbers of the audience: by the form of a reader's first consent, so that all of one reader counts at one form. Belongs
 * into the transaction of what it counts, after the consent and before the row of the reader goes. Always one statement that adds a
 * row, also when nothing counts: a sign-up costs the same whoever signs up.
 */
export async function countReaders(
  tx: Executor,
  readers: readonly CountedReader[],
  now: Date,
): Promise<void> {
  if (readers.length === 0) return;
  const names = Object.keys(AUDIENCE_NUMBERS) as AudienceNumber[];
  const given = readers.map(({ id, counts }) => ({
    id,
    ...Object.fromEntries(counts.map((name) => [AUDIENCE_NUMBERS[name], 1])),
  }));
  const listed = (write: (column: SQL) => SQL) =>
    sql.join(
      names.map((name) => write(sql.raw(`"${AUDIENCE_NUMBERS[name]}"`))),
      sql`, `,
    );
  await tx.execute(sql`
    INSERT INTO audience_number_delta (id, publication_id, source, hour, ${listed((column) => column)})
    SELECT gen_random_uuid(), r.publication_id, r.source, ${fullHour(now)}::timestamptz, ${listed((column) => sql`coalesce(sum(r.${column}), 0)`)}
    FROM (
      SELECT s.publication_id, ${listed((column) => sql`g.${column}`)}, coalesce((
        SELECT c.form FROM consent c WHERE c.subscriber_id = s.id AND c.kind = 'given' ORDER BY c.id LIMIT 1
      ), ${BY_OPERATOR}::text) AS source
      FROM jsonb_to_recordset(${JSON.stringify(given)}::jsonb) AS g(id uuid, ${listed((column) => sql`${column} int`)})
      JOIN subscriber s ON s.id = g.id) r
    GROUP BY r.publication_id, r.source`);
}

/** As `takenEditionNumbers`, of the audience. */
export function takenAudienceNumbers(limit: number): SQL {
  return sql`
    DELETE FROM audience_number_delta WHERE id = ANY (ARRAY(
      SELECT id FROM audience_number_delta LIMIT ${limit}::int FOR UPDATE SKIP LOCKED)) RETURNING *`;
}
