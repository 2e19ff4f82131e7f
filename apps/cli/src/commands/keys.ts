import type { Command } from 'commander';
import { Client } from '../support/client.js';
import { show, table } from '../support/output.js';

interface Key {
  id: string;
  name: string;
  role: string;
  prefix: string;
  lastUsedAt: string | null;
}

export function addKeyCommands(program: Command): void {
  const keys = program.command('api-keys').description('bearer keys of the API');
  keys.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await client.call<{ data: Key[] }>('GET', '/api-keys');
    show(client.asJson, page, ({ data }) =>
      table(data.map(({ id, name, role, prefix, lastUsedAt }) => ({ id, name, role, prefix, lastUsedAt }))),
    );
  });
  keys
    .command('add <name>')
    .option('--role <role>', 'owner, editor or viewer', 'editor')
    .action(async (name: string, { role }: { role: string }, command: Command) => {
      const client = Client.of(command);
      const made = await client.call<Key & { key: string }>('POST', '/api-keys', { json: { name, role } });
      show(client.asJson, made, ({ key }) => console.log(`${key}\nKeep it: it is shown this once.`));
    });
  keys.command('revoke <id>').action(async (id: string, _: unknown, command: Command) => {
    await Client.of(command).call('DELETE', `/api-keys/${id}`);
    console.log('revoked');
  });
}
