import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, at, Client } from '../support/client.js';
import { show } from '../support/output.js';
import { readSecret, SECRET_VARIABLE, type SecretOptions } from '../support/secret-input.js';

type Provider = Schemas['TransportHook']['provider'];

interface HookOptions extends SecretOptions {
  provider?: Provider;
  topic?: string[];
  publicKey?: string;
  remove?: boolean;
}

/** What each provider's secret is called; the others have none. */
const SECRET_NAMES: Partial<Record<Provider, string>> = {
  postmark: 'secret',
  mailgun: 'signingKey',
  brevo: 'secret',
  resend: 'secret',
  sparkpost: 'secret',
  mailjet: 'secret',
};

function print({
  provider,
  url,
  settings,
  lastEventAt,
  lastRefusalAt,
  lastRefusal,
}: Schemas['TransportHook']) {
  console.log(`${provider}, by ${url}`);
  for (const [name, value] of Object.entries(settings))
    console.log(`  ${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`);
  console.log(`  last event: ${lastEventAt ?? 'none yet'}`);
  if (lastRefusalAt !== null) console.log(`  last refusal: ${lastRefusalAt}: ${lastRefusal}`);
}

/** What was given, and nothing else: the server says what is missing. */
async function settingsOf(provider: Provider, options: HookOptions): Promise<Record<string, unknown>> {
  const { topic, publicKey } = options;
  const name = SECRET_NAMES[provider];
  const secret = name === undefined ? undefined : await readSecret(options);
  return {
    ...(topic ? { topics: topic } : {}),
    ...(publicKey === undefined ? {} : { publicKey }),
    ...(name === undefined || secret === undefined ? {} : { [name]: secret }),
  };
}

export function addTransportHook(transports: Command): void {
  transports
    .command('hook <id>')
    .description('show, set or remove the webhook by which the provider tells of bounces and complaints')
    .option(
      '--provider <name>',
      'ses, scaleway, mailgun, sendgrid, resend, postmark, brevo, sparkpost or mailjet',
    )
    .option('--topic <arn...>', 'of ses and scaleway: the topics whose messages are believed')
    .option('--public-key <key>', 'of sendgrid')
    .option('--secret-file <file>', 'holds the secret or signing key of the others')
    .option('--secret-stdin', `the same from standard input; else from ${SECRET_VARIABLE}`)
    .option('--remove', 'take no more events')
    .action(async (id: string, options: HookOptions, command: Command) => {
      const client = Client.of(command);
      if (options.remove) {
        await client.api.DELETE('/transports/{id}/hook', at(id));
        console.log('removed');
        return;
      }
      show(client.asJson, await hookOf(client, id, options), print);
    });
}

async function hookOf({ api }: Client, id: string, options: HookOptions): Promise<Schemas['TransportHook']> {
  const { provider } = options;
  if (provider !== undefined) {
    const body = { provider, settings: await settingsOf(provider, options) };
    // Which settings belong to which provider is for the server to check.
    return answer(
      api.PUT('/transports/{id}/hook', { ...at(id), body: body as Schemas['TransportHookInput'] }),
    );
  }
  if (
    options.topic ||
    options.publicKey !== undefined ||
    options.secretFile !== undefined ||
    options.secretStdin
  )
    throw new CliError('Say whose webhook it is: --provider.');
  return answer(api.GET('/transports/{id}/hook', at(id)));
}
