import { join } from 'node:path';
import type { Config } from '#kernel/config/config.js';

/**
 * Says on standard output that the site is ready, and where everything is.
 * @param hasWayOut whether mail may leave: see `TransportSource.hasWayOut`
 * @param firstRunUrl where the first owner is made; null: there is an operator, or an owner's key in the environment
 */
export function announce(config: Config, hasWayOut: boolean, firstRunUrl: string | null): void {
  const at = config.baseUrl;
  const lines = [
    '',
    '  Broadsheet is ready.',
    '',
    `  Site      ${at}/`,
    `  Admin     ${at}/admin`,
    `  API docs  ${at}/api/docs`,
    ...(hasWayOut
      ? []
      : [`  Mailbox   ${at}/mailbox   (no mail server is set: no mail leaves this machine)`]),
    ...(config.operator.apiKey || config.database.url
      ? []
      : [`  API key   in ${join(config.dataDir, 'operator-key')}`]),
    ...(firstRunUrl === null
      ? []
      : [
          '',
          '  Nobody runs it yet. Open this within an hour to begin; whoever has it becomes the owner (a new start prints a new one):',
          `  ${firstRunUrl}`,
        ]),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
