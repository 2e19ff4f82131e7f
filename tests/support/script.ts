import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { transformSync } from '@swc/core';
import { exitOf } from './child.js';
import { stopAfterTests } from './leftovers.js';
import { ROOT } from './root.js';

export type Script = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Runs a JavaScript module as a process of its own, to be killed. `#lib/…` imports work in it once the project is built,
 * as it is under `npm test`. It is killed after the tests of the file.
 */
export function startScript(code: string): Script {
  const args = ['--input-type=module', '--eval', code];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  stopAfterTests(() => {
    child.kill('SIGKILL');
    return exitOf(child);
  });
  return child;
}

/** Runs a JavaScript module to its end. @returns what it wrote @throws Error with its errors when it fails */
export async function runScript(code: string): Promise<string> {
  const child = startScript(code);
  let said = '';
  let complained = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`The script failed: ${complained}`);
  return said;
}

/** Resolves with everything written so far once it matches. */
export function untilSaid(child: Script, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (pattern.test(said)) resolve(said);
    });
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.once('exit', () =>
      reject(new Error(`The script ended without saying ${String(pattern)}: ${said}`)),
    );
  });
}

/**
 * Compiles one TypeScript module that imports nothing but Node's own, so that a script can import it without a build.
 * @returns its path
 */
export function compileAlone(source: string, folder: string): string {
  const swc = {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
  } as const;
  mkdirSync(folder, { recursive: true });
  const path = join(folder, basename(source).replace(/\.ts$/, '.mjs'));
  writeFileSync(path, transformSync(readFileSync(source, 'utf8'), swc).code);
  return path;
}
