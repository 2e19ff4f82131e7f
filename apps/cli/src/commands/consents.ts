import type { Command } from 'commander';
import { answer, Client } from '../support/client.js';
import { CliError } from '../support/cli-error.js';
import { show } from '../support/output.js';

export function addConsentCommands(program: Command): void {
  const consents = program.command('consents').description('the ledger of consent');
  consents
    .command('verify')
    .description('check every row and seal; exit code 2 if anything was changed')
    .option('--head <number:hash>', 'a seal noted earlier: finds a tail that was cut off since')
    .action(async (options: { head?: string }, command: Command) => {
      const client = Client.of(command);
      const found = await answer(
        client.api.GET('/consents/verify', { params: { query: { head: options.head } } }),
      );
      show(client.asJson, found, (result) => {
        console.log(
          `${result.rows} consents, ${result.seals} seals, ${result.unsealed} not sealed yet, evidence of ${result.erasedEvidence} erased.`,
        );
        for (const problem of result.problems)
          console.log(`  ${problem.kind}  ${problem.id}  ${problem.message}`);
        if (result.head)
          console.log(
            `Head ${result.head.number}:${result.head.sha256}  (keep it elsewhere; check later with --head)`,
          );
        console.log(result.ok ? 'The ledger is whole.' : 'THE LEDGER WAS CHANGED.');
      });
      if (!found.ok) throw new CliError(`${found.problems.length} problems found.`, 2);
    });
}
