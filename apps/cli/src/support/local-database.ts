import { loadConfig, type Config } from '#kernel/config/config.js';
import { createLog, type Log } from '#kernel/observing/logger.js';
import type { Database } from '#database/database.js';

/** What a command on the server itself has at hand. */
export interface Locally {
  database: Database;
  config: Config;
  log: Log;
}

/**
 * Does something on the database that the environment names. Loaded when it is needed: it takes half a second, which every other
 * command would pay for.
 * @throws Error of the name `FolderLockedError` while a server runs on the embedded database
 */
export async function onTheDatabase<T>(work: (its: Locally) => Promise<T>): Promise<T> {
  const { openDatabase } = await import('#database/connection/open.js');
  const config = loadConfig();
  const log = createLog(config.log);
  const database = await openDatabase(config, log);
  try {
    return await work({ database, config, log });
  } finally {
    await database.close();
  }
}

/** Whether the embedded database is in use by a server. */
export function isLocked(error: unknown): boolean {
  return (error as Error).name === 'FolderLockedError';
}
