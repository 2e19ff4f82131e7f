import { Option, type Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

type Slot = Schemas['Slot'];

const timeOf = ({ at, local }: { at: string; local: boolean }) => (local ? `${at} (reader's local)` : at);

function print({ id, status, editionId, ...slot }: Slot): void {
  console.log(`${id}  ${timeOf(slot)}  ${status}${slot.reason ? `: ${slot.reason}` : ''}`);
  if (editionId) console.log(`  edition ${editionId}`);
}

export function addSlotCommands(program: Command): void {
  program
    .command('calendar')
    .description('when digests went out and will')
    .option('--from <time>', 'RFC 3339; default: now')
    .option('--to <time>', 'RFC 3339; default: 31 days later')
    .option('--digest <id>', 'only this one')
    .action(async (options: { from?: string; to?: string; digest?: string }, command: Command) => {
      const client = Client.of(command);
      const query = { from: options.from, to: options.to, digestId: options.digest };
      show(
        client.asJson,
        await answer(client.api.GET('/calendar', { params: { query } })),
        ({ data, truncated }) => {
          table(
            data.map(({ digestId, status, editionId, ...slot }) => ({
              at: timeOf(slot),
              digest: digestId,
              status,
              edition: editionId,
            })),
          );
          if (truncated) console.log('There are more; ask for less, or from the last time on.');
        },
      );
    });
  const slots = program.command('slots').description('times at which digests were due');
  slots
    .command('list')
    .addOption(new Option('--status <status>', 'only those').choices(['open', 'fired', 'held', 'skipped']))
    .action(async (options: { status?: Slot['status'] }, command: Command) => {
      const client = Client.of(command);
      const page = await answer(client.api.GET('/slots', { params: { query: options } }));
      show(client.asJson, page, ({ data }) =>
        table(
          data.map(({ id, digestId, status, reason, ...slot }) => ({
            id,
            at: timeOf(slot),
            digest: digestId,
            status,
            reason,
          })),
        ),
      );
    });
  for (const [verb, description] of [
    ['send', 'fire a slot that is held'],
    ['skip', 'drop a slot that is held or waits for a yes'],
  ] as const) {
    slots
      .command(`${verb} <id>`)
      .description(description)
      .action(async (id: string, _: unknown, command: Command) => {
        const client = Client.of(command);
        show(client.asJson, await answer(client.api.POST(`/slots/{id}/${verb}`, at(id))), print);
      });
  }
}
