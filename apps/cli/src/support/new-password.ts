import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.js';

/**
 * Asks for a new password, twice and unseen, or reads it from standard input when that is no terminal: never from an
 * argument, which every user of the machine can read and the shell remembers.
 * @throws CliError when the two differ or nothing is given
 */
export async function readNewPassword(): Promise<string> {
  if (!process.stdin.isTTY) return notEmpty((await text(process.stdin)).replace(/\r?\n$/, ''));
  const first = await ask('New password: ');
  if ((await ask('Again: ')) !== first) throw new CliError('The two are not the same.');
  return notEmpty(first);
}

async function ask(question: string): Promise<string> {
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true });
  lines.once('SIGINT', () => process.exit(130)); // as a shell says of what was interrupted: 128 + 2
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}

function notEmpty(password: string): string {
  if (password === '') throw new CliError('The password is empty.');
  return password;
}
