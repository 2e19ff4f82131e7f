import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, or the installation's. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** One line on standard error: standard output belongs to what is started. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Something the person at the terminal can mend: shown without a stack. */
export class PlainError extends Error {}

/** @throws PlainError when this Node is too old */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new PlainError(
    `Broadsheet needs Node.js 20.19 or newer; this is ${process.versions.node}. Get one at https://nodejs.org`,
  );
}

/** Whether a process runs. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Runs a program to its end; what it writes goes to standard error. SIGINT and SIGTERM meanwhile end it and this
 * process; afterwards they are whoever's again.
 * @throws PlainError when it fails
 */
export async function run(command, args, { cwd = ROOT, env = process.env } = {}) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 2, 2] });
  const stop = (signal) => {
    child.kill(signal);
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (status, signal) => resolve(signal ?? status));
    });
    if (code !== 0) throw new PlainError(`${[command, ...args].join(' ')} failed (${code}).`);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

/** Runs a script's main function; a {@link PlainError} becomes one line and exit code 1. */
export async function main(work) {
  try {
    await work();
  } catch (error) {
    say(error instanceof PlainError ? error.message : (error.stack ?? String(error)));
    process.exit(1);
  }
}
