import { Option, type Command } from 'commander';
import { answer, Client } from '../../support/client.js';
import { show, table } from '../../support/output.js';

interface Answer {
  data: readonly object[];
  total: object;
}
interface Options {
  from?: string;
  to?: string;
  by?: string;
  order?: string;
  limit?: string;
  csv?: boolean;
}

/** What can be asked for: the command, what it is of, and by what its rows may be. */
const ONE = {
  edition: { path: '/stats/editions/{id}', by: ['provider'], hasRange: false, about: 'an edition' },
  digest: { path: '/stats/digests/{id}', by: ['edition', 'provider'], hasRange: true, about: 'a digest' },
  article: { path: '/stats/articles/{id}', by: ['edition'], hasRange: true, about: 'an article' },
  topic: {
    path: '/stats/topics/{id}',
    by: ['article', 'edition'],
    hasRange: true,
    about: 'the articles on a topic',
  },
} as const;
const ALL = {
  audience: { path: '/stats/audience', by: ['source'], about: 'who came and who went' },
  providers: { path: '/stats/providers', by: ['provider'], about: 'all editions, by mailbox provider' },
} as const;
const BESIDE = { articles: '/stats/articles', topics: '/stats/topics', editions: '/stats/editions' } as const;

type Path =
  | (typeof ONE)[keyof typeof ONE]['path']
  | (typeof ALL)[keyof typeof ALL]['path']
  | (typeof BESIDE)[keyof typeof BESIDE];

/** Numbers of what was sent and of who came. */
export function addStatsCommands(program: Command): void {
  const stats = program.command('stats').description('what became of mails and readers, in numbers');
  for (const [name, { path, by, hasRange, about }] of Object.entries(ONE)) {
    const command = stats.command(`${name} <id>`).description(about);
    if (hasRange) withRange(command);
    withRows(command, by).action((id: string, options: Options, its: Command) =>
      print(its, path, options, id),
    );
  }
  for (const [name, { path, by, about }] of Object.entries(ALL)) {
    withRows(withRange(stats.command(name).description(about)), by).action((options: Options, its: Command) =>
      print(its, path, options),
    );
  }
  for (const [name, path] of Object.entries(BESIDE)) {
    withRange(stats.command(name).description(`${name} beside each other`))
      .addOption(
        new Option('--order <order>', 'which come first').choices(['newest', 'clicks']).default('newest'),
      )
      .option('--limit <n>', 'how many at most', '50')
      .option('--csv', 'as CSV')
      .action((options: Options, its: Command) => print(its, path, options));
  }
}

const withRange = (command: Command) =>
  command
    .option('--from <time>', 'RFC 3339; default: 30 days before --to')
    .option('--to <time>', 'RFC 3339; default: now');

const withRows = (command: Command, by: readonly [string, ...string[]]) =>
  command
    .addOption(new Option('--by <what>', 'what a row is of').choices([...by, 'hour', 'day']).default(by[0]))
    .option('--csv', 'as CSV');

async function print(command: Command, path: Path, options: Options, id?: string): Promise<void> {
  const client = Client.of(command);
  const { csv, ...query } = options;
  const asked = { params: { ...(id === undefined ? {} : { path: { id } }), query } };
  if (csv) {
    const params = { ...asked.params, query: { ...query, format: 'csv' } };
    const text = await answer<unknown>(client.api.GET(path, { params, parseAs: 'text' } as never));
    process.stdout.write(String(text));
    return;
  }
  const found = await answer<unknown>(client.api.GET(path, asked as never));
  show(client.asJson, found as Answer, ({ data, total }) => {
    const [first = { key: '' }] = data;
    const named = Object.keys(first).filter((name) => !(name in total));
    const nothing = Object.fromEntries(named.map((name) => [name, '']));
    const last = { ...nothing, [named[0] ?? 'key']: 'all', ...total };
    table([...data, last].map(flat));
  });
}

/** Clicks as two columns. */
function flat(row: object): Record<string, unknown> {
  const { clicks, ...rest } = row as { clicks?: { people: number; scanners: number } };
  return clicks ? { ...rest, clicks: clicks.people, scanners: clicks.scanners } : { ...rest };
}
