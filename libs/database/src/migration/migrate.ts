import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LATEST_SCHEMA_VERSION, runMigrations as runQueueMigrations } from 'bullmq';
import { grantToApplication } from './app-role.js';
import type { Database } from '../database.js';
import { sqlState } from '../errors.js';
import type { PoolLike } from '../pool-like.js';
import { QUEUE_NAMES } from './queue-names.js';
import { makeSearchIndex } from './search-index.js';

/** Spells "BRDS": the advisory lock that one migrating process holds at a time. */
const MIGRATION_LOCK = 0x42524453;

const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

/** The folder of SQL migrations, found from the source tree and from dist alike. */
function migrationsFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const candidate = join(folder, 'libs/database/migrations');
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder))
      throw new Error('libs/database/migrations is missing from the installation');
  }
}

/**
 * Brings the database to this version: forward only, all or nothing, one process at a time. Starters that come
 * second wait for the lock, then find nothing left to do.
 * @param appRole may then do what the application does, where that is another role than the one which migrates
 */
export async function migrateDatabase(database: Database, appRole?: string): Promise<void> {
  await database.withSession(async (session: PoolLike) => {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await database.applyMigrations(migrationsFolder());
      await makeSearchIndex(session);
      await runQueueMigrations(session as never, 'bullmq');
      for (const queue of QUEUE_NAMES) await makeJobIds(session, queue);
      if (appRole !== undefined) await grantToApplication(session, appRole);
    } finally {
      await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });
}

/** Makes the sequence of a queue, as BullMQ does at its first job. */
async function makeJobIds(session: PoolLike, queue: string): Promise<void> {
  const { rows } = await session.query('SELECT quote_ident(bullmq.job_id_seq_name($1)) AS name', [queue]);
  await session.query(`CREATE SEQUENCE IF NOT EXISTS bullmq.${String(rows[0]?.name)}`);
}

/** Whether the database has all that this version knows of, as far as the role of the session may see. */
export async function isAtThisVersion(session: PoolLike): Promise<boolean> {
  const journal = readFileSync(join(migrationsFolder(), 'meta/_journal.json'), 'utf8');
  const { entries } = JSON.parse(journal) as { entries: { when: number }[] };
  const newest = Math.max(...entries.map((entry) => entry.when));
  try {
    const own = await session.query('SELECT max(created_at) AS at FROM drizzle.__drizzle_migrations');
    const queue = await session.query('SELECT max(version) AS version FROM bullmq.migration');
    return Number(own.rows[0]?.at) >= newest && Number(queue.rows[0]?.version) >= LATEST_SCHEMA_VERSION;
  } catch (error) {
    if ([UNDEFINED_TABLE, INSUFFICIENT_PRIVILEGE].includes(sqlState(error) ?? '')) return false;
    throw error;
  }
}
