import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { CliError } from './cli-error.js';

export interface SecretOptions {
  secretFile?: string;
  secretStdin?: boolean;
}

/** Where a secret may come from when no option says. */
export const SECRET_VARIABLE = 'BROADSHEET_TRANSPORT_SECRET';

/**
 * Reads a secret from a file, standard input or the environment: never from an argument, which every user of the
 * machine can read and the shell remembers.
 * @returns it without the line end behind it; undefined: none was given
 * @throws CliError when the file cannot be read, or it is empty
 */
export async function readSecret({ secretFile, secretStdin }: SecretOptions): Promise<string | undefined> {
  const given = secretStdin
    ? await text(process.stdin)
    : secretFile === undefined
      ? process.env[SECRET_VARIABLE]
      : fileText(secretFile);
  if (given === undefined) return undefined;
  const secret = given.replace(/\r?\n$/, '');
  if (secret === '') throw new CliError('The secret is empty.');
  return secret;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(`The secret cannot be read: ${(error as Error).message}`);
  }
}
