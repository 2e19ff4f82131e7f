import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

const print = (edition: Schemas['Edition']) => {
  console.log(
    `${edition.id}  ${edition.slug}  ${edition.status}${edition.statusReason ? `: ${edition.statusReason}` : ''}`,
  );
  console.log(
    Object.entries(edition.counts)
      .map(([state, count]) => `${state} ${count}`)
      .join('  '),
  );
};

export function addEditionCommands(program: Command): void {
  const editions = program.command('editions').description('issues of a digest');
  editions.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/editions'));
    show(client.asJson, page, ({ data }) =>
      table(
        data.map(({ id, slug, status, counts }) => ({
          id,
          slug,
          status,
          recipients: counts.recipients,
          accepted: counts.accepted,
        })),
      ),
    );
  });
  editions
    .command('draft <digestId> [articleIds...]')
    .description('draft an edition; default: of what the digest has not sent')
    .option('--subject <subject>', 'plain or Liquid')
    .action(
      async (digestId: string, articleIds: string[], options: { subject?: string }, command: Command) => {
        const client = Client.of(command);
        const json = {
          ...(articleIds.length > 0 ? { articleIds } : {}),
          ...(options.subject ? { subject: options.subject } : {}),
        };
        const call = client.api.POST('/digests/{id}/editions', { ...at(digestId), body: json });
        show(client.asJson, await answer(call), print);
      },
    );
  editions.command('show <id>').action(async (id: string, _: unknown, command: Command) => {
    const client = Client.of(command);
    show(client.asJson, await answer(client.api.GET('/editions/{id}', at(id))), print);
  });
  editions
    .command('test <id> <to...>')
    .description('send it to a few addresses for a look')
    .action(async (id: string, to: string[], _: unknown, command: Command) => {
      const client = Client.of(command);
      const call = client.api.POST('/editions/{id}/test', { ...at(id), body: { to } });
      show(client.asJson, await answer(call), () => console.log('on its way'));
    });
  for (const verb of ['send', 'approve', 'decline', 'pause', 'resume', 'cancel'] as const) {
    editions.command(`${verb} <id>`).action(async (id: string, _: unknown, command: Command) => {
      const client = Client.of(command);
      show(client.asJson, await answer(client.api.POST(`/editions/{id}/${verb}`, at(id))), print);
    });
  }
  editions
    .command('schedule <id> <sendAt>')
    .option('--deadline <time>', 'RFC 3339: by when the last message should be accepted')
    .action(async (id: string, sendAt: string, { deadline }: { deadline?: string }, command: Command) => {
      const client = Client.of(command);
      const body = { sendAt, ...(deadline ? { deadline } : {}) };
      show(
        client.asJson,
        await answer(client.api.POST('/editions/{id}/schedule', { ...at(id), body })),
        print,
      );
    });
}
