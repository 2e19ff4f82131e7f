import { getTableColumns, getTableName, sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Executor } from './database.js';

/** As the migrations name columns. */
const snake = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Inserts rows by the hundred: one parameter for all of them, where an insert has one for each value, which takes longer to write than
 * to run. Every column must be given.
 * @param end what follows the rows: `ON CONFLICT …`, `RETURNING …`
 */
export async function insertMany<T extends PgTable>(
  tx: Executor,
  table: T,
  rows: readonly T['$inferSelect'][],
  end: SQL = sql``,
): Promise<unknown> {
  const given = Object.entries(getTableColumns(table)).filter(([, { generated }]) => !generated);
  const columns = given.map(([key, column]) => ({
    key,
    name: `"${snake(key)}"`,
    type: column.getSQLType(),
  }));
  const isBytes = (type: string) => type === 'bytea';
  const list = columns.map(({ name }) => name).join(', ');
  const selected = columns.map(({ name, type }) =>
    isBytes(type) ? `decode(r.${name}, 'hex')` : `r.${name}`,
  );
  const types = columns.map(({ name, type }) => `${name} ${isBytes(type) ? 'text' : type}`);
  const values = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ key }) => {
        const value = (row as Record<string, unknown>)[key];
        return [snake(key), Buffer.isBuffer(value) ? value.toString('hex') : value];
      }),
    ),
  );
  return tx.execute(sql`
    INSERT INTO ${sql.identifier(getTableName(table))} (${sql.raw(list)}) SELECT ${sql.raw(selected.join(', '))}
    FROM jsonb_to_recordset(${JSON.stringify(values)}::jsonb) AS r (${sql.raw(types.join(', '))}) ${end}`);
}
