import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations as runQueueMigrations } from 'bullmq';
import type { Database } from './database.js';
import type { PoolLike } from './pool-like.js';

/** Spells "BRDS": the advisory lock that one migrating process holds at a time. */
const MIGRATION_LOCK = 0x42524453;

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
 */
export async function migrateDatabase(database: Database): Promise<void> {
  await database.withSession(async (session: PoolLike) => {
    await session.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    try {
      await database.applyMigrations(migrationsFolder());
      await runQueueMigrations(session as never, 'bullmq');
    } finally {
      await session.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    }
  });
}
