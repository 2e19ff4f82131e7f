import { sqlState } from '../errors.js';
import type { PoolLike } from '../pool-like.js';

/** SQLSTATE classes of a server or a connection that has gone, rather than of a statement that was refused. */
const OF_OUTAGES = ['08', '53', '57'];

/**
 * Makes the index by which readers are found by part of their address or name. It needs `pg_trgm`, which comes with PostgreSQL and which
 * whoever may create schemas in the database may create; where it is not installed, or may not be, there is no index and a search goes
 * through all readers. Not among the migrations: it is tried again at every one of them.
 * @param session of the role that owns the tables, inside no transaction
 */
export async function makeSearchIndex(session: PoolLike): Promise<void> {
  if (await hasSearchIndex(session)) return;
  try {
    await session.query('CREATE EXTENSION IF NOT EXISTS pg_trgm');
  } catch (error) {
    const state = sqlState(error);
    if (state === undefined || OF_OUTAGES.includes(state.slice(0, 2))) throw error;
  }
  const { rows } = await session.query(
    `SELECT format('%I.%I', n.nspname, o.opcname) AS class
       FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.opcname = 'gin_trgm_ops'`,
  );
  if (!rows[0]) return;
  // What waits to be sorted in (fastupdate) is gone through by every search: a quarter of what is usual.
  await session.query(
    `CREATE INDEX IF NOT EXISTS subscriber_search ON public.subscriber
      USING gin (search ${String(rows[0].class)}) WITH (gin_pending_list_limit = 1024)`,
  );
}

/** Whether readers are found by an index. */
export async function hasSearchIndex(session: PoolLike): Promise<boolean> {
  const { rows } = await session.query(
    `SELECT 1 AS one FROM pg_class WHERE oid = to_regclass('public.subscriber_search')`,
  );
  return rows.length > 0;
}
