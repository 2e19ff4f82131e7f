import { sql, type SQL } from 'drizzle-orm';
import type { Cadence } from '#database/schema/index.js';

/**
 * A condition about a subscription `u`, by its cadence. Each has its rule: a new one does not compile before it has one, and
 * one that the database holds and this program does not know ends the statement rather than leaving its readers out.
 */
export function byCadence(rules: Readonly<Record<Cadence, SQL>>): SQL {
  const cases = Object.entries(rules).map(
    ([cadence, rule]) => sql`WHEN ${sql.raw(`'${cadence}'`)} THEN ${rule}`,
  );
  return sql`CASE u.cadence ${sql.join(cases, sql` `)} ELSE ('no rule for the cadence ' || u.cadence)::boolean END`;
}
