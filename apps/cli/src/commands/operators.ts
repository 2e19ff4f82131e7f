import type { Command } from 'commander';
import { loadConfig } from '#kernel/config/config.js';
import { createLog } from '#kernel/observing/logger.js';
import { CliError } from '../support/cli-error.js';
import { readNewPassword } from '../support/new-password.js';

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
      const [
        { openDatabase },
        { OperatorService },
        { OperatorRepository },
        { AuditRepository },
        { SystemClock },
      ] = await Promise.all([
        import('#database/connection/open.js'),
        import('#operators/accounts/operator.service.js'),
        import('#operators/accounts/operator.repository.js'),
        import('#operators/audit/audit.repository.js'),
        import('#kernel/clock.js'),
      ]);
      const config = loadConfig();
      const database = await openDatabase(config, createLog(config.log)).catch(inOtherWords);
      try {
        const operators = new OperatorService(
          database,
          new OperatorRepository(),
          new AuditRepository(),
          new SystemClock(),
        );
        await operators.setPassword(email, password);
      } finally {
        await database.close();
      }
      console.log('The password is replaced, and the sessions that were open with the old one have ended.');
      console.log(
        'Failed sign-ins at this address are forgotten. A network that also failed at other addresses may be refused for up to 15 minutes more.',
      );
    });
}

/** Another folder, which the error names as a way out, would hold another database. */
function inOtherWords(error: unknown): never {
  if ((error as Error).name !== 'FolderLockedError') throw error;
  throw new CliError(
    'The server is running, and the embedded database is in use by it alone. Stop it, run this again, and start it.',
  );
}
