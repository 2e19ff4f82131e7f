import { sql, type SQL } from 'drizzle-orm';
import { partsOf, type Mask } from '../model/bit-mask.js';

/** A mask as SQL. It is made of our own zeros and ones, and an expression may hold hundreds: no parameters. */
export function bitsOf(mask: Mask): SQL {
  if (/[^01]/.test(mask)) throw new Error('A mask is made of 0 and 1.');
  return sql.raw(`'${mask}'::bit varying`);
}

/** An expression for a mask over another list; see {@link partsOf}. */
export function remapped(mask: SQL, positions: readonly (number | null)[]): SQL {
  const parts = partsOf(positions).map((part) =>
    'zeros' in part
      ? bitsOf('0'.repeat(part.zeros))
      : sql`substring(${mask} FROM ${sql.raw(String(part.from + 1))} FOR ${sql.raw(String(part.length))})::bit varying`,
  );
  return parts.length === 0 ? bitsOf('') : sql.join(parts, sql` || `);
}

/**
 * A query that cuts the column `mask` of another down to its first bits, as the column `kept`. How long the part is that
 * holds them is found by halving; OFFSET 0 keeps the planner from writing each step into the next.
 * @param columns of the query, without `mask`
 * @param size bits in a mask
 * @param most bits to be kept
 */
export function firstBits(query: SQL, columns: string, size: number, most: number): SQL {
  const all = sql.raw(`${columns}, mask`);
  if (size <= most) return sql`SELECT ${all}, mask AS kept FROM (${query}) q`;
  const [n, k] = [sql.raw(String(size)), sql.raw(String(most))];
  let steps = sql`SELECT ${all}, 0 AS length FROM (${query}) q`;
  for (let half = 2 ** Math.floor(Math.log2(size)); half >= 1; half /= 2) {
    const longer = sql.raw(`length + ${half}`);
    steps = sql`SELECT ${all}, CASE WHEN ${longer} <= ${n} AND bit_count(substring(mask FROM 1 FOR ${longer})) <= ${k}
      THEN ${longer} ELSE length END AS length FROM (${steps}) q OFFSET 0`;
  }
  const zeros = bitsOf('0'.repeat(size));
  return sql`SELECT ${all}, (substring(mask FROM 1 FOR length) || ${zeros})::bit(${n})::bit varying AS kept FROM (${steps}) q`;
}
