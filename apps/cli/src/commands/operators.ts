import type { Command } from 'commander';
import { loadConfig } from '#kernel/config.js';
import { createLog } from '#kernel/logger.js';
import { readNewPassword } from '../new-password.js';

/** What is done on the server itself, on its database: whoever has that needs no key. */
export function addOperatorCommands(program: Command): void {
  const operators = program.command('operators').description('the people who run the publication');
  operators
    .command('set-password <email>')
    .description(
      "replace an operator's password and end their sessions; on the server, with its environment. Asks for it, or reads it from standard input",
    )
    .action(async (email: string) => {
      const password = await readNewPassword();
      // Half a second to load, which every other command would pay for.
      const [{ openDatabase }, { OperatorService }, { SystemClock }] = await Promise.all([
        import('#database/open.js'),
        import('#operators/operator.service.js'),
        import('#kernel/clock.js'),
      ]);
      const config = loadConfig();
      const database = await openDatabase(config, createLog(config.log));
      try {
        await new OperatorService(database, new SystemClock()).setPassword(email, password);
      } finally {
        await database.close();
      }
      console.log('The password is replaced, and the sessions that were open with the old one have ended.');
    });
}
