import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

const printExplanation = ({ frozen, at, reader, articles }: Schemas['Explanation']) => {
  console.log(`${frozen ? 'frozen' : 'not frozen yet'}, ${at}: ${reader.reason}`);
  table(articles.map(({ title, verdict, reason }) => ({ verdict, title, reason })));
};

const printPlan = (plan: Schemas['Plan']) => {
  console.log(`${plan.at}  ${plan.subject ?? '(no subject)'}`);
  table(
    plan.waves.map(({ at, zones, readers, recipients }) => ({
      at,
      readers,
      recipients: recipients ?? 'not counted',
      zones: zones.join(' '),
    })),
  );
  table(plan.articles.map(({ recipients, title }) => ({ recipients, title })));
  console.log(`${plan.empty} readers would get nothing`);
  if (plan.predicted) console.log(`through by ${plan.predicted.finishAt}`);
  for (const problem of plan.problems) console.log(`would fail: ${problem}`);
  if (plan.reader) printExplanation(plan.reader);
};

/** The subcommands of a group that another file may have made. */
function groupOf(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(description);
}

/** What would go to whom, and why it did. */
export function addSelectionCommands(program: Command): void {
  groupOf(program, 'editions', 'issues of a digest')
    .command('explain <id>')
    .description('why a reader got each article, or not')
    .requiredOption('--subscriber <id>', 'the reader')
    .action(async (id: string, { subscriber }: { subscriber: string }, command: Command) => {
      const client = Client.of(command);
      const params = { path: { id }, query: { subscriberId: subscriber } };
      show(
        client.asJson,
        await answer(client.api.GET('/editions/{id}/explain', { params })),
        printExplanation,
      );
    });
  groupOf(program, 'digests', 'the recurring products')
    .command('plan <id>')
    .description('what the next edition would be; nothing is sent')
    .option('--at <time>', 'RFC 3339; default: now')
    .option('--subscriber <id>', 'a reader to be told of in particular')
    .action(async (id: string, options: { at?: string; subscriber?: string }, command: Command) => {
      if (options.at !== undefined && Number.isNaN(Date.parse(options.at))) {
        throw new CliError(`${options.at} is no time; give one such as 2030-01-01T07:00:00Z.`);
      }
      const client = Client.of(command);
      const json = {
        ...(options.at ? { at: options.at } : {}),
        ...(options.subscriber ? { subscriberId: options.subscriber } : {}),
      };
      show(
        client.asJson,
        await answer(client.api.POST('/digests/{id}/plan', { ...at(id), body: json })),
        printPlan,
      );
    });
}
