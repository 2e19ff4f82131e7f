import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { answer, Client } from '../support/client.js';
import { show } from '../support/output.js';

export function addSubscriberCommands(program: Command): void {
  const subscribers = program.command('subscribers').description('readers');
  subscribers
    .command('import <file>')
    .description(
      'import a CSV file of readers; without a statement of consent each is asked to confirm by mail',
    )
    .option('--source <text>', 'how and where they gave their consent; kept as proof')
    .option('--terms <accepted>', 'state that they accepted the terms: accepted')
    .action(async (file: string, options: { source?: string; terms?: 'accepted' }, command: Command) => {
      const client = Client.of(command);
      const report = await answer(
        client.api.POST('/subscribers/import', {
          params: { query: { source: options.source, terms: options.terms } },
          body: Readable.toWeb(createReadStream(file)),
          bodySerializer: (stream) => stream,
          headers: { 'Content-Type': 'text/csv' },
          duplex: 'half', // a stream is sent before the answer is read
        }),
      );
      show(client.asJson, report, ({ imported, updated, skipped, errors }) => {
        console.log(`${imported} imported, ${updated} updated, ${skipped} skipped`);
        for (const error of errors) console.log(`  line ${error.line}, ${error.field}: ${error.message}`);
      });
    });
  subscribers
    .command('export')
    .description('write all readers as CSV to standard output')
    .action(async (_: unknown, command: Command) => {
      const body = await answer(Client.of(command).api.GET('/subscribers/export', { parseAs: 'stream' }));
      if (body) await pipeline(Readable.fromWeb(body as never), process.stdout);
    });
}
