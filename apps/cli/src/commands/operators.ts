import type { Command } from 'commander';
import type { Schemas } from '#contract/paths.js';
import { CliError } from '../support/cli-error.js';
import { answer, at, Client } from '../support/client.js';
import { isLocked, onTheDatabase, type Locally } from '../support/local-database.js';
import { operatorWith } from '../support/operator-with.js';
import { readNewPassword } from '../support/new-password.js';
import { show, table } from '../support/output.js';

/** What is done on the server itself, on its database, needs no key: whoever has that has everything. */
export function addOperatorCommands(program: Command): void {
  const operators = program.command('operators').description('the people who run the publication');
  operators.command('list').action(async (_: unknown, command: Command) => {
    const client = Client.of(command);
    const page = await answer(client.api.GET('/operators'));
    show(client.asJson, page, ({ data }) =>
      table(
        data.map(({ id, email, name, role, status, lastSignInAt }) => ({
          id,
          email,
          name,
          role,
          status,
          lastSignInAt,
        })),
      ),
    );
  });
  operators
    .command('invite <email>')
    .description('invite somebody by mail; the link works for seven days')
    .option('--role <role>', 'owner, editor, author or analyst', 'editor')
    .option('--name <name>')
    .action(
      async (
        email: string,
        { role, name }: Pick<Schemas['NewInvitation'], 'role' | 'name'>,
        command: Command,
      ) => {
        const body = { email, role, ...(name ? { name } : {}) };
        await answer(Client.of(command).api.POST('/invitations', { body }));
        console.log(`invited: ${email}`);
      },
    );
  operators
    .command('set-password <email>')
    .description(
      "replace an operator's password and end their sessions; on the server, with its environment. Asks for it, or reads it from standard input",
    )
    .action(async (email: string) => {
      const password = await readNewPassword();
      await onTheDatabase((its) => setPassword(its, email, password)).catch(inOtherWords);
      console.log('The password is replaced, and the sessions that were open with the old one have ended.');
      console.log(
        'Failed sign-ins at this address are forgotten. A network that also failed at other addresses may be refused for up to 15 minutes more.',
      );
    });
  operators
    .command('reset-password <email>')
    .description(
      'print a link for a new password, for whoever is locked out. On the server, with its environment; or against a running one, with an owner’s key',
    )
    .option('--second-factors', 'remove the authenticator app and the passkeys too, of who has lost them')
    .action(
      async (email: string, { secondFactors = false }: { secondFactors?: boolean }, command: Command) => {
        const url = await onTheDatabase((its) => localLink(its, email, secondFactors)).catch(
          (error: unknown) => {
            // The embedded database is a running server's alone, which can be asked.
            if (isLocked(error)) return remoteLink(Client.of(command), email, secondFactors);
            throw error;
          },
        );
        console.log(`${url}\nIt works once, for an hour. The server must run when it is opened.`);
      },
    );
}

async function setPassword({ database }: Locally, email: string, password: string): Promise<void> {
  const [
    { OperatorService },
    { OperatorRepository },
    { AccountLinkRepository },
    { AuditRepository },
    { SystemClock },
  ] = await Promise.all([
    import('#operators/accounts/operator.service.js'),
    import('#operators/accounts/operator.repository.js'),
    import('#operators/accounts/account-link.repository.js'),
    import('#operators/audit/audit.repository.js'),
    import('#kernel/clock.js'),
  ]);
  const people = new OperatorService(
    database,
    new OperatorRepository(),
    new AccountLinkRepository(),
    new AuditRepository(),
    new SystemClock(),
  );
  await people.setPassword(email, password);
}

/** Without a server: the link is written into its database. */
async function localLink(its: Locally, email: string, secondFactors: boolean): Promise<string> {
  const { resetLinkOnServer } = await import('../support/reset-link.js');
  return resetLinkOnServer(its, email, secondFactors);
}

async function remoteLink({ api }: Client, email: string, secondFactors: boolean): Promise<string> {
  const known = await operatorWith(api, email.trim().toLowerCase());
  if (secondFactors) await api.DELETE('/operators/{id}/second-factors', at(known.id));
  const { url } = await answer(api.POST('/operators/{id}/reset-link', at(known.id)));
  return url ?? '';
}

/** Another folder, which the error names as a way out, would hold another database. */
function inOtherWords(error: unknown): never {
  if (!isLocked(error)) throw error;
  throw new CliError(
    'The server is running, and the embedded database is in use by it alone. Stop it, run this again, and start it.',
  );
}
