import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';

type Digest = Schemas['Digest'];

interface ScheduleOptions {
  zone?: string;
  readerLocal?: true;
  off?: true;
  approval?: number | 'none';
  otherwise?: 'skip' | 'send';
  lateLimit?: number;
}

function minutes(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Give whole minutes.');
}

function timesOf({ schedule }: Digest): string {
  if (!schedule) return 'not scheduled';
  if (schedule.readerLocal) return `${schedule.cron}, at each reader's local time`;
  return `${schedule.cron}, ${schedule.timeZone ?? "the publication's zone"}`;
}

function print(digest: Digest): void {
  const { id, name, approval, lateLimitMinutes, nextAt } = digest;
  console.log(`${id}  ${name}\n  ${timesOf(digest)}`);
  if (nextAt) console.log(`  next ${nextAt}`);
  if (approval)
    console.log(`  asks ${approval.minutes} minutes before; without an answer: ${approval.otherwise}`);
  if (digest.schedule) console.log(`  late by at most ${lateLimitMinutes} minutes`);
}

/** What is to be changed; what is not given stays. */
function bodyOf(cron: string | undefined, options: ScheduleOptions): Schemas['DigestPatch'] {
  const { zone, readerLocal, off, approval, otherwise, lateLimit } = options;
  if (off && cron !== undefined) throw new CliError('Give a cron or --off, not both.');
  if (cron === undefined && (zone !== undefined || readerLocal)) {
    throw new CliError('Give the cron too: a schedule is changed as a whole.');
  }
  if (otherwise && typeof approval !== 'number') throw new CliError('--otherwise needs --approval MINUTES.');
  return {
    ...(off ? { schedule: null } : {}),
    ...(cron === undefined
      ? {}
      : { schedule: { cron, timeZone: zone ?? null, readerLocal: readerLocal ?? false } }),
    ...(approval === undefined
      ? {}
      : { approval: approval === 'none' ? null : { minutes: approval, otherwise: otherwise ?? 'skip' } }),
    ...(lateLimit === undefined ? {} : { lateLimitMinutes: lateLimit }),
  };
}

export function addDigestCommands(program: Command): void {
  const digests = program.command('digests').description('recurring products');
  digests.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/digests'));
    show(client.asJson, page, ({ data }) =>
      table(
        data.map(({ id, slug, name, isDefault, nextAt }) => ({ id, slug, name, isDefault, next: nextAt })),
      ),
    );
  });
  digests.command('add <name>').action(async (name: string, _: unknown, command: Command) => {
    const client = Client.of(command);
    const made = await answer(client.api.POST('/digests', { body: { name } }));
    show(client.asJson, made, ({ id }) => console.log(id));
  });
  digests
    .command('schedule <id> [cron]')
    .description('when a digest goes out by itself; without options: show it')
    .option('--zone <zone>', "IANA time zone of the cron; default: the publication's")
    .option('--reader-local', 'the cron is on the clock of each reader')
    .option('--off', 'only when an operator says so')
    .addOption(
      new Option('--approval <minutes>', 'ask owners and editors so long before; none: ask nobody').argParser(
        (text) => (text === 'none' ? text : minutes(text)),
      ),
    )
    .addOption(new Option('--otherwise <what>', 'when nobody answered').choices(['skip', 'send']))
    .option('--late-limit <minutes>', 'what was missed by more is held for an operator', minutes)
    .action(async (id: string, cron: string | undefined, options: ScheduleOptions, command: Command) => {
      const client = Client.of(command);
      const json = bodyOf(cron, options);
      const changes = Object.keys(json).length > 0;
      const digest = changes
        ? await answer(client.api.PATCH('/digests/{id}', { ...at(id), body: json }))
        : await answer(client.api.GET('/digests/{id}', at(id)));
      show(client.asJson, digest, print);
    });
}
