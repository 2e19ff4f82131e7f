import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, Client } from '../support/client.js';
import { show } from '../support/output.js';

type CheckOptions = Pick<Schemas['TemplateCheck'], 'locale' | 'kind'>;

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new CliError(`${file} can't be read: ${(error as Error).message}`);
  }
}

/** What digests look like. */
export function addTemplateCommands(program: Command): void {
  program
    .command('templates')
    .description('what digests look like')
    .command('check <file>')
    .description(
      'try a template out, MJML with Liquid, as when a digest is given it; ends with 1 if it is refused',
    )
    .option('--locale <locale>', "in which language; default: the publication's")
    .addOption(new Option('--kind <kind>', 'what it is for').choices(['regular', 'alert']).default('regular'))
    .action(async (file: string, options: CheckOptions, command: Command) => {
      const client = Client.of(command);
      const json = { template: await read(file), ...options };
      const report = await answer(client.api.POST('/templates/check', { body: json }));
      show(client.asJson, report, ({ accepted, problems }) => {
        for (const { message } of problems) console.log(`${file}: ${message}`);
        if (accepted) console.log(`${file} is all right.`);
      });
      if (!report.accepted) process.exitCode = 1;
    });
}
