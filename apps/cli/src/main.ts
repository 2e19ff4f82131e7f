import 'reflect-metadata';
import { Command } from 'commander';
import { addAlarmCommands } from './commands/feedback/alarms.js';
import { addContentCommands } from './commands/content.js';
import { addConsentCommands } from './commands/consents.js';
import { addDeliverabilityCommands } from './commands/feedback/deliverability.js';
import { addDigestCommands } from './commands/digests.js';
import { addEditionCommands } from './commands/editions.js';
import { addFeedCommands } from './commands/feeds.js';
import { addFeedbackCommands } from './commands/feedback/feedback.js';
import { addKeyCommands } from './commands/keys.js';
import { addMigrateCommand } from './commands/migrate.js';
import { addOperatorCommands } from './commands/operators.js';
import { addStatsCommands } from './commands/feedback/stats.js';
import { addSlotCommands } from './commands/slots.js';
import { addSelectionCommands } from './commands/selection.js';
import { addSubscriberCommands } from './commands/subscribers.js';
import { addSuppressionCommands } from './commands/suppressions.js';
import { addTemplateCommands } from './commands/templates.js';
import { addTransportCommands } from './commands/transports.js';
import { explain } from '#kernel/process/main.js';
import { CliError } from './support/cli-error.js';

const program = new Command('broadsheet')
  .description('Operator commands against a running Broadsheet server, over its API.')
  .option('--url <url>', 'the server', process.env['BROADSHEET_URL'] ?? 'http://localhost:3000')
  .option('--api-key <key>', 'an API key; default: BROADSHEET_API_KEY, else the key kept in DATA_DIR')
  .option('--json', 'print answers as JSON')
  .showHelpAfterError();

addAlarmCommands(program);
addConsentCommands(program);
addContentCommands(program);
addDeliverabilityCommands(program);
addDigestCommands(program);
addEditionCommands(program);
addSlotCommands(program);
addFeedCommands(program);
addFeedbackCommands(program);
addSelectionCommands(program);
addStatsCommands(program);
addSubscriberCommands(program);
addSuppressionCommands(program);
addKeyCommands(program);
addTemplateCommands(program);
addTransportCommands(program);
addMigrateCommand(program);
addOperatorCommands(program);

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = error instanceof CliError ? error.exitCode : 1;
}
