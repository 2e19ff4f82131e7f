import { join } from 'node:path';
import type { Config } from '#kernel/config.js';

/** Says on standard output that the site is ready, and where everything is. */
export function announce(config: Config): void {
  const at = config.baseUrl;
  const lines = [
    '',
    '  Broadsheet is ready.',
    '',
    `  Site      ${at}/`,
    `  Admin     ${at}/admin`,
    `  API docs  ${at}/api/docs`,
    ...(config.smtp.url
      ? []
      : [`  Mailbox   ${at}/mailbox   (SMTP_URL is not set: no mail leaves this machine)`]),
    ...(config.operator.apiKey || config.database.url
      ? []
      : [`  API key   in ${join(config.dataDir, 'operator-key')}`]),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
