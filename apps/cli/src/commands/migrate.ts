import type { Command } from 'commander';
import { loadConfig } from '#kernel/config/config.js';
import { createLog } from '#kernel/observing/logger.js';

export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description('bring the database the environment names to this version (needs no running server)')
    .action(async () => {
      // Half a second to load, which every other command would pay for.
      const { openDatabase } = await import('#database/connection/open.js');
      const config = loadConfig();
      const database = await openDatabase(config, createLog(config.log));
      await database.close();
      console.log('The database is at this version.');
    });
}
