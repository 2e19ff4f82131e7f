import type { Config } from '#kernel/config/config.js';
import type { Log } from '#kernel/observing/logger.js';
import type { Database } from '../database.js';
import { EmbeddedDatabase } from './embedded.js';
import { ENDING_WAIT_MS } from './folder-lock.js';
import { migrateDatabase } from '../migration/migrate.js';
import { openPostgres } from './open-postgres.js';

/** Nothing can be stored or read any more. What was committed is there again at the next start. */
function endProcess({ dataDir }: Config, log: Log, error: Error): never {
  log.error('the embedded database has stopped; make room on its disk and start again', error, { dataDir });
  process.exit(1);
}

/** Opens the store the configuration names and migrates it. The one place that chooses. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  if (config.database.url) return openPostgres(config.database.url, config, log);
  const database = await EmbeddedDatabase.open(config.dataDir, {
    onPanic: (error) => endProcess(config, log, error),
    onWait: ({ pid }) =>
      log.info(
        `the process that has the data folder may be ending; waiting up to ${ENDING_WAIT_MS / 1000} s for it`,
        { pid, dataDir: config.dataDir },
      ),
  });
  try {
    await migrateDatabase(database);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
