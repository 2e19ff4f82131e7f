import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../../support/cli-error.js';
import { answer, Client } from '../../support/client.js';
import { show, table } from '../../support/output.js';

type Line = Schemas['DeliverabilityLine'];

export function addDeliverabilityCommands(program: Command): void {
  const deliverability = program.command('deliverability').description('what receivers see of your mail');
  deliverability
    .command('check')
    .description('look at DNS and the links; exit code 1 if something is to be mended')
    .action(async (_: unknown, command: Command) => {
      const client = Client.of(command);
      const checked = await answer(client.api.GET('/deliverability'));
      show(client.asJson, checked, ({ data }) => {
        for (const line of data) print(line);
      });
      const failed = checked.data.filter(({ state }) => state === 'fail').length;
      if (failed > 0) throw new CliError(`To be mended: ${failed} of ${checked.data.length}.`);
    });
  deliverability
    .command('sources')
    .description('from which addresses mail came in your name, by the DMARC reports of receivers')
    .option('--days <n>', 'how far back', '30')
    .action(async ({ days }: { days: string }, command: Command) => {
      const client = Client.of(command);
      const query = { days: Number(days) };
      const sources = await answer(client.api.GET('/deliverability/sources', { params: { query } }));
      show(client.asJson, sources, ({ data }) => table(data));
    });
}

/** A record may have several lines. */
const indented = (text: string) => text.replaceAll('\n', `\n${' '.repeat(11)}`);

function print({ check, about, state, found, publish, why }: Line): void {
  console.log(`${state.toUpperCase().padEnd(8)} ${check}  ${about}`);
  console.log(`  found:   ${indented(found)}`);
  console.log(`  publish: ${indented(publish)}`);
  console.log(`  why:     ${why}\n`);
}
