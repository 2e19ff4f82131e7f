import { Option, type Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, at, Client } from '../../support/client.js';
import { show, table } from '../../support/output.js';

type Alarm = Schemas['Alarm'];

const nameOf = ({ subject, detail }: Alarm) =>
  typeof detail['name'] === 'string' && detail['name'] !== subject
    ? `${detail['name']} (${subject})`
    : subject;

export function addAlarmCommands(program: Command): void {
  const alarms = program.command('alarms').description('what operators are to look at');
  alarms
    .command('list')
    .description('newest first; those that are open, unless another state is asked for')
    .addOption(
      new Option('--state <state>', 'only those').choices(['open', 'seen', 'gone', 'all']).default('open'),
    )
    .action(async ({ state }: { state: Alarm['state'] | 'all' }, command: Command) => {
      const client = Client.of(command);
      const query = state === 'all' ? {} : { state };
      const page = await answer(client.api.GET('/alarms', { params: { query } }));
      show(client.asJson, page, ({ data }) =>
        table(
          data.map((alarm) => ({
            id: alarm.id,
            cause: alarm.cause,
            about: nameOf(alarm),
            state: alarm.state,
            since: alarm.since,
            until: alarm.until,
          })),
        ),
      );
    });
  alarms
    .command('seen <id>')
    .description('note that somebody has seen it')
    .action(async (id: string, _: unknown, command: Command) => {
      const client = Client.of(command);
      show(client.asJson, await answer(client.api.POST('/alarms/{id}/seen', at(id))), (alarm) =>
        console.log(`${alarm.id}  ${alarm.cause}  ${nameOf(alarm)}  ${alarm.state}`),
      );
    });
}
