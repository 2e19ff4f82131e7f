import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AppProcess } from './app-process.js';
import { ROOT } from './root.js';

export interface CliRun {
  /** All it wrote, on both streams. */
  output: string;
  exitCode: number | null;
}

/** Runs the CLI against an app, as the person at the terminal does. @param input what it reads from standard input */
export async function runCli(
  app: AppProcess,
  args: string[],
  input = '',
  more: Record<string, string> = {},
): Promise<CliRun> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, [join(ROOT, 'scripts/start.mjs'), 'cli', ...args], {
    cwd: ROOT,
    env: { PATH, HOME, BROADSHEET_URL: app.url, BROADSHEET_API_KEY: app.apiKey, ...more },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on('error', () => undefined); // a command that reads nothing may be gone by now
  child.stdin.end(input);
  await once(child, 'close');
  return { output, exitCode: child.exitCode };
}
