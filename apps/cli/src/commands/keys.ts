import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

export function addKeyCommands(program: Command): void {
  const keys = program.command('api-keys').description('bearer keys of the API');
  keys.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/api-keys'));
    show(client.asJson, page, ({ data }) =>
      table(data.map(({ id, name, role, prefix, lastUsedAt }) => ({ id, name, role, prefix, lastUsedAt }))),
    );
  });
  keys
    .command('add <name>')
    .option('--role <role>', 'owner, editor, author or analyst', 'editor')
    .action(async (name: string, { role }: Pick<Schemas['NewApiKey'], 'role'>, command: Command) => {
      const client = Client.of(command);
      const made = await answer(client.api.POST('/api-keys', { body: { name, role } }));
      show(client.asJson, made, ({ key }) => console.log(`${key}\nKeep it: it is shown this once.`));
    });
  keys.command('revoke <id>').action(async (id: string, _: unknown, command: Command) => {
    await Client.of(command).api.DELETE('/api-keys/{id}', at(id));
    console.log('revoked');
  });
}
