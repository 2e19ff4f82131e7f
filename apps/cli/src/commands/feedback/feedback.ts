import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { answer, Client } from '../../support/client.js';
import { CliError } from '../../support/cli-error.js';
import { show } from '../../support/output.js';

type Ingested = Schemas['ReturnedMessage'];

/** What came back. */
export function addFeedbackCommands(program: Command): void {
  const feedback = program.command('feedback').description('bounces, complaints and what else comes back');
  feedback
    .command('ingest')
    .argument('[file...]', 'mails as they came (RFC 5322); none, or -: standard input')
    .description('take mails that came back; as a pipe from a mail server too')
    .option('--dry-run', 'only say what it would do')
    .action(async (files: string[], { dryRun }: { dryRun?: boolean }, command: Command) => {
      const client = Client.of(command);
      for (const file of files.length > 0 ? files : ['-']) {
        const made = await ingest(client, await mailOf(file), dryRun ?? false);
        show(client.asJson, made, (result) => print(file, result));
      }
    });
  feedback
    .command('events')
    .description('what came back, newest first')
    .option('--kind <kind>', 'bounce, complaint, delayed, auto_reply …')
    .option('--class <class>', 'hard, soft or blocked')
    .option('--subscriber <id>')
    .option('--edition <id>')
    .action(
      async (
        options: Record<'kind' | 'class' | 'subscriber' | 'edition', string | undefined>,
        command: Command,
      ) => {
        const client = Client.of(command);
        const { kind, class: its, subscriber, edition } = options;
        const query = { kind, class: its, subscriberId: subscriber, editionId: edition } as object;
        const page = await answer(client.api.GET('/feedback/events', { params: { query } }));
        show(client.asJson, page, ({ data }) => {
          for (const { at, kind: what, class: how, status, reason, subscriberId } of data)
            console.log(
              `${at}  ${what}  ${how ?? '-'}  ${status ?? '-'}  ${subscriberId ?? '-'}  ${reason ?? ''}`,
            );
        });
      },
    );
}

async function mailOf(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function ingest(client: Client, mail: Buffer, dryRun: boolean): Promise<Ingested> {
  const made = client.api.POST('/feedback/messages', {
    params: { query: { dryRun: String(dryRun) as 'true' } },
    headers: { 'Content-Type': 'message/rfc822' },
    body: mail as never,
    bodySerializer: (body) => body,
  });
  return answer(made);
}

function print(file: string, { kind, results }: Ingested): void {
  console.log(`${file}: ${kind}`);
  for (const { recipient, class: its, status, action, reason } of results)
    console.log(`  ${recipient ?? '(not told)'}  ${its ?? '-'}  ${status ?? '-'}  ${action}  ${reason}`);
}
