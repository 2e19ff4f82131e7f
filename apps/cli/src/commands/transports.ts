import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, at, Client } from '../support/client.js';
import { show, table } from '../support/output.js';
import { readSecret, SECRET_VARIABLE, type SecretOptions } from '../support/secret-input.js';
import {
  isAboutAuth,
  transportBody,
  type AuthMethod,
  type TransportOptions,
} from '../support/transport-body.js';
import { addTransportHook } from './transport-hook.js';

type Transport = Schemas['Transport'];

const where = ({ host, port }: Transport) => (host === null ? '(SMTP_URL is unset)' : `${host}:${port}`);
const stateOf = ({ enabled, restingUntil }: Transport) =>
  enabled ? (restingUntil ? `resting until ${restingUntil}` : 'enabled') : 'disabled';
const todayOf = ({ usedToday, allowedToday }: Transport) =>
  allowedToday === null ? String(usedToday) : `${usedToday} of ${allowedToday}`;

function print(transport: Transport): void {
  const { id, name, origin, security, auth, weight, connections, lastError } = transport;
  console.log(`${id}  ${name}  ${stateOf(transport)}${origin === 'environment' ? '  (from SMTP_URL)' : ''}`);
  console.log(
    `  ${where(transport)}, ${security}, ${auth.method}${auth.user === null ? '' : ` as ${auth.user}`}`,
  );
  console.log(`  weight ${weight}, ${connections} connections, today ${todayOf(transport)}`);
  if (lastError) console.log(`  last error: ${lastError}`);
}

/** The options that `create` and `update` share. Secrets are none of them. */
function withOptions(command: Command): Command {
  return command
    .option('--host <host>', 'the mail server')
    .option('--port <port>', 'default: 465 with tls, else 587')
    .option('--security <kind>', 'tls, starttls, opportunistic or none')
    .option('--verify <yes|no>', 'whether its certificate must be valid')
    .option('--client-name <name>', "said in EHLO; none: the machine's")
    .option('--auth <method>', 'none, password or xoauth2')
    .option('--user <user>', 'who signs in')
    .option('--client-id <id>', 'of xoauth2')
    .option('--access-url <url>', "where xoauth2 fetches tokens; default: Google's")
    .option('--secret-file <file>', 'holds the password; for xoauth2 JSON with clientSecret and refreshToken')
    .option('--secret-stdin', `the same from standard input; else from ${SECRET_VARIABLE}`)
    .option('--weight <n>', 'its share; 0: only while no other is usable')
    .option('--connections <n>', 'per worker process')
    .option('--per-second <n>', 'messages, of all workers together; none: no limit')
    .option('--per-hour <n>', 'likewise')
    .option('--per-day <n>', 'likewise')
    .option('--warm-up <plan>', 'START,GROWTH%,CEILING[,DAY] messages a day, such as 500,20,100000; or none')
    .option(
      '--rules <file>',
      'JSON: [{"domains": ["gmail.com"], "connections": 5, "perSecond": 10}]; or none',
    )
    .option('--enabled <yes|no>', 'whether it is used');
}

type Options = TransportOptions & SecretOptions;

export function addTransportCommands(program: Command): void {
  const transports = program.command('transports').description('SMTP accounts');
  addReading(transports);
  addWriting(transports);
  addDkim(transports);
  addTransportHook(transports);
}

function addReading(transports: Command): void {
  transports.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/transports'));
    show(client.asJson, page, ({ data }) =>
      table(
        data.map((one) => ({
          id: one.id,
          name: one.name,
          server: where(one),
          state: stateOf(one),
          weight: one.weight,
          today: todayOf(one),
          'last error': one.lastError,
        })),
      ),
    );
  });
  transports.command('show <id>').action(async (id: string, _: unknown, command: Command) => {
    const client = Client.of(command);
    show(client.asJson, await answer(client.api.GET('/transports/{id}', at(id))), print);
  });
  transports
    .command('test <id>')
    .description('connect and sign in; exit code 2 if that fails')
    .option('--to <address>', 'send one small mail, too')
    .action(async (id: string, options: { to?: string }, command: Command) => {
      const client = Client.of(command);
      const tried = await answer(client.api.POST('/transports/{id}/test', { ...at(id), body: options }));
      show(client.asJson, tried, printTried);
      if (!tried.ok) throw new CliError('The transport does not work.', 2);
    });
}

function printTried({
  tls,
  authenticated,
  capabilities,
  sent,
  reply,
  error,
  milliseconds,
}: Schemas['TransportTest']): void {
  if (capabilities) {
    const certificate = tls?.verified ? 'valid certificate' : 'certificate not valid';
    console.log(tls ? `TLS: ${tls.protocol}, ${tls.cipher}, ${certificate}` : 'TLS: none');
    console.log(`Signed in: ${authenticated ? 'yes' : 'no'}`);
    const offered = Object.entries(capabilities).filter(([, value]) => value);
    console.log(
      `Offers: ${offered.map(([name, value]) => (value === true ? name : `${name} ${value}`)).join(', ')}`,
    );
  }
  if (sent) console.log(`Sent: ${reply ?? ''}`);
  console.log(error === null ? `It works (${milliseconds} ms).` : `Error: ${error}`);
}

function addWriting(transports: Command): void {
  withOptions(transports.command('create <name>'))
    .description('make a transport; its secret comes from a file, standard input or the environment')
    .action(async (name: string, options: Options, command: Command) => {
      const client = Client.of(command);
      const method = options.auth ?? (isAboutAuth(options) ? 'password' : undefined);
      const secret = method && method !== 'none' ? await readSecret(options) : undefined;
      const body = { ...transportBody(options, secret, method), name };
      show(client.asJson, await answer(client.api.POST('/transports', { body })), print);
    });
  withOptions(transports.command('update <id>'))
    .description('change a transport; what is not given stays, its secret too')
    .option('--name <name>')
    .action(async (id: string, options: Options, command: Command) => {
      const client = Client.of(command);
      const secret = await readSecret(options);
      const method =
        options.auth ?? (secret || isAboutAuth(options) ? await methodOf(client, id) : undefined);
      const json = transportBody(options, secret, method);
      show(
        client.asJson,
        await answer(client.api.PATCH('/transports/{id}', { ...at(id), body: json })),
        print,
      );
    });
  transports.command('delete <id>').action(async (id: string, _: unknown, command: Command) => {
    await Client.of(command).api.DELETE('/transports/{id}', at(id));
    console.log('deleted');
  });
}

async function methodOf(client: Client, id: string): Promise<AuthMethod> {
  const { method } = (await answer(client.api.GET('/transports/{id}', at(id)))).auth;
  return method === 'none' ? 'password' : method;
}

function addDkim(transports: Command): void {
  transports
    .command('dkim <id>')
    .description('make a DKIM key and print the DNS record, ready to paste')
    .option('--algorithm <kind>', 'rsa, ed25519 or both', 'rsa')
    .option('--selector <selector>', 'default: made from the date')
    .option('--domain <domain>', "default: the sender's")
    .option('--list', 'print the records of the keys there are, and make none')
    .option('--remove <selector>', 'remove a key instead')
    .action(
      async (
        id: string,
        { list, remove, ...json }: { list?: boolean; remove?: string } & Schemas['NewDkimKeys'],
        command: Command,
      ) => {
        const client = Client.of(command);
        if (remove !== undefined) {
          const path = { id, selector: remove };
          await client.api.DELETE('/transports/{id}/dkim/{selector}', { params: { path } });
          console.log('removed');
          return;
        }
        const keys: Schemas['MadeDkimKeys'] = list
          ? await answer(client.api.GET('/transports/{id}/dkim', at(id)))
          : await answer(client.api.POST('/transports/{id}/dkim', { ...at(id), body: json }));
        show(client.asJson, keys, ({ data }) => {
          for (const { record } of data) {
            console.log(`Name:  ${record.name}\nType:  TXT\nValue: ${record.value}\n`);
            console.log(`In a zone file:\n${record.zoneFile}\n`);
          }
          if (data.length === 0) console.log('(none)');
        });
      },
    );
}
