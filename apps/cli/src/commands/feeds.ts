import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

type Feed = Schemas['Feed'];

interface FeedOptions {
  name?: string;
  url?: string;
  topic?: string[];
  every?: string;
  category?: string[];
  enabled?: string;
}

const collect = (one: string, all: string[] = []) => [...all, one];

/** `Football=sport`; `Weather=` gives no topic. */
function rulesOf(pairs: readonly string[]): Record<string, string | null> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      return at < 0 ? [pair, null] : [pair.slice(0, at), pair.slice(at + 1) || null];
    }),
  );
}

function bodyOf({ topic, every, category, enabled, ...rest }: FeedOptions): Schemas['FeedPatch'] {
  return {
    ...rest,
    ...(topic ? { topics: topic.filter((one) => one !== 'none') } : {}),
    ...(category ? { categoryTopics: rulesOf(category) } : {}),
    ...(every === undefined ? {} : { everyMinutes: Number(every) }),
    ...(enabled === undefined ? {} : { enabled: enabled === 'yes' }),
  };
}

function print({ id, name, url, enabled, everyMinutes, dueAt, lastError, warning }: Feed): void {
  console.log(`${id}  ${name}\n  ${url}`);
  console.log(enabled ? `  every ${everyMinutes} minutes, next ${dueAt}` : '  not polled');
  if (lastError) console.log(`  last error: ${lastError}`);
  if (warning) console.log(`  warning: ${warning}`);
}

function withOptions(command: Command): Command {
  return command
    .option('--name <name>', 'default: what the feed calls itself')
    .option('--topic <topic>', 'id or slug that its articles get; several times for several; none', collect)
    .option(
      '--category <rule>',
      'CATEGORY=TOPIC, or CATEGORY= for no topic; several times for several',
      collect,
    )
    .option('--every <minutes>', 'how often it is polled; default: 30');
}

export function addFeedCommands(program: Command): void {
  const feeds = program.command('feeds').description('where articles come from by themselves');
  feeds.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/feeds'));
    show(client.asJson, page, ({ data }) =>
      table(
        data.map(({ id, name, url, enabled, dueAt, lastError }) => ({
          id,
          name,
          url,
          next: enabled ? dueAt : '(not polled)',
          'last error': lastError,
        })),
      ),
    );
  });
  feeds.command('show <id>').action(async (id: string, _: unknown, command: Command) => {
    const client = Client.of(command);
    show(client.asJson, await answer(client.api.GET('/feeds/{id}', at(id))), print);
  });
  withOptions(feeds.command('add <url>'))
    .description('add a feed; what is in it now is history, what comes later is news')
    .action(async (url: string, options: FeedOptions, command: Command) => {
      const client = Client.of(command);
      const json = { ...bodyOf(options), url };
      show(client.asJson, await answer(client.api.POST('/feeds', { body: json })), print);
    });
  withOptions(feeds.command('update <id>'))
    .description('change a feed; what is not given stays')
    .option('--url <url>')
    .option('--enabled <yes|no>', 'whether it is polled')
    .action(async (id: string, options: FeedOptions, command: Command) => {
      const client = Client.of(command);
      show(
        client.asJson,
        await answer(client.api.PATCH('/feeds/{id}', { ...at(id), body: bodyOf(options) })),
        print,
      );
    });
  feeds
    .command('poll <id>')
    .description('poll a feed now')
    .action(async (id: string, _: unknown, command: Command) => {
      const client = Client.of(command);
      const polled = await answer(client.api.POST('/feeds/{id}/poll', at(id)));
      show(client.asJson, polled, ({ outcome: { status, counts }, ...feed }) => {
        const some = Object.entries(counts).filter(([, count]) => count > 0);
        console.log(`${status}${some.map(([name, count]) => `, ${count} ${name}`).join('')}`);
        print(feed);
      });
    });
  feeds
    .command('delete <id>')
    .description('remove a feed; its articles stay')
    .action(async (id: string, _: unknown, command: Command) => {
      await Client.of(command).api.DELETE('/feeds/{id}', at(id));
      console.log('deleted');
    });
}
