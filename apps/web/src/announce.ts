import { join } from 'node:path';
import type { Config } from '#kernel/config/config.js';

/**
 * Says on standard output that the site is ready, and where everything is.
 * @param hasWayOut whether mail may leave: see `TransportSource.hasWayOut`
 * @param firstRunUrl where the first owner is made; null: there is an operator
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
          '  Nobody runs it yet. Open this once to begin; whoever has it becomes the owner:',
          `  ${firstRunUrl}`,
        ]),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
