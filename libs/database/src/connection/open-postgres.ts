import type { Config } from '#kernel/config/config.js';
import type { Log } from '#kernel/observing/logger.js';
import { isAtThisVersion, migrateDatabase } from '../migration/migrate.js';
import { PostgresDatabase } from './postgres.js';
import { hasSearchIndex } from '../migration/search-index.js';
import { standingOf, warnOfPower, type RoleStanding } from '../migration/role-standing.js';

/** One migrates, one waits for nothing while it does. */
const MIGRATION_CONNECTIONS = 2;

/**
 * Opens PostgreSQL as the application's role, at this version: migrated by the role of MIGRATION_DATABASE_URL, or by the
 * application's own where that one may, or by somebody before.
 * @throws Error naming the variable that is to be mended
 */
export async function openPostgres(url: string, config: Config, log: Log): Promise<PostgresDatabase> {
  const database = await PostgresDatabase.open(url, config.database.pool, log, config.leaseMs);
  try {
    const app = await database.withSession(standingOf);
    const { migrationUrl } = config.database;
    if (migrationUrl !== null) await migrateAsOwner(migrationUrl, app, log);
    else if (app.isOwner || (!app.isFurnished && app.mayCreate)) await migrateDatabase(database);
    if (!(await database.withSession(isAtThisVersion))) throw new Error(remedyOf(migrationUrl !== null));
    if (!(await database.withSession(hasSearchIndex))) {
      log.warn(
        'readers are searched without an index, which is slow among many: install pg_trgm (PostgreSQL contrib) and run `npm run migrate`',
      );
    }
    warnOfPower(await database.withSession(standingOf), log);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function migrateAsOwner(url: string, app: RoleStanding, log: Log): Promise<void> {
  const owner = await PostgresDatabase.open(
    url,
    MIGRATION_CONNECTIONS,
    log,
    undefined,
    'MIGRATION_DATABASE_URL',
  );
  try {
    const { role, isOwner, isFurnished } = await owner.withSession(standingOf);
    if (isFurnished && !isOwner) {
      throw new Error(
        `MIGRATION_DATABASE_URL: the role ${role} does not own the tables, so it cannot migrate them. ` +
          'Give the role that owns them.',
      );
    }
    await migrateDatabase(owner, role === app.role ? undefined : app.role);
  } finally {
    await owner.close();
  }
}

function remedyOf(wasMigrated: boolean): string {
  return wasMigrated
    ? 'MIGRATION_DATABASE_URL: it was migrated, but DATABASE_URL does not see it. Do both name the same database?'
    : 'DATABASE_URL: the database is not at this version, and the role may not migrate it. ' +
        'Run `npm run migrate` with MIGRATION_DATABASE_URL set to the role that owns the tables.';
}
