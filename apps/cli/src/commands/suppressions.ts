import type { Command } from 'commander';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

export function addSuppressionCommands(program: Command): void {
  const suppressions = program.command('suppressions').description('addresses that are never mailed');
  suppressions
    .command('list')
    .option('--limit <n>', 'how many', Number, 50)
    .option('--cursor <cursor>', 'where the page before ended')
    .action(async (query: { limit: number; cursor?: string }, command: Command) => {
      const client = Client.of(command);
      const page = await answer(client.api.GET('/suppressions', { params: { query } }));
      show(client.asJson, page, ({ data }) =>
        table(
          data.map(({ id, reason, createdAt, subscriberId, returnedItemId }) => ({
            id,
            reason,
            createdAt,
            subscriberId,
            returnedItemId,
          })),
        ),
      );
    });
  suppressions
    .command('add <email>')
    .option('--note <note>', 'what is known of it')
    .action(async (email: string, { note }: { note?: string }, command: Command) => {
      const client = Client.of(command);
      const body = { email, reason: 'operator' as const, ...(note === undefined ? {} : { note }) };
      const made = await answer(client.api.POST('/suppressions', { body }));
      show(client.asJson, made, ({ id }) => console.log(id));
    });
  suppressions
    .command('lift <id>')
    .description('let an address be mailed again; after a complaint only once it has consented anew')
    .requiredOption('--reason <reason>', 'why; it stands in the audit log')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await Client.of(command).api.DELETE('/suppressions/{id}', { ...at(id), body: { reason } });
      console.log('lifted');
    });
}
