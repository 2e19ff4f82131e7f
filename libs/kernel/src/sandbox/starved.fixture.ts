import { closeSync, openSync } from 'node:fs';
import { builtFile } from './built-file.js';
import type { MisbehavingTasks } from './fixtures.js';
import { Sandbox } from './sandbox.js';
import { SandboxError } from './sandbox-error.js';

/** A process that has no file descriptor left for a task, and then has. Tells what became of both. */
const sandbox = new Sandbox<MisbehavingTasks>(builtFile(import.meta.url, './fixtures.js'));
const held: number[] = [];
try {
  for (;;) held.push(openSync('/dev/null', 'r'));
} catch {
  // None is left.
}
const first = await sandbox.run('echo', 1, 60_000).catch((error: unknown) => error);
for (const one of held) closeSync(one);
const failed = first instanceof SandboxError ? [first.name, first.reason] : [first];
process.send?.([...failed, await sandbox.run('echo', 2, 60_000)]);
