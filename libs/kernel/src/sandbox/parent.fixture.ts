import { builtFile } from './built-file.js';
import type { MisbehavingTasks } from './fixtures.js';
import { Sandbox } from './sandbox.js';

/** A process whose sandbox is in an endless loop, to be killed by a test. Tells the sandbox's process id. */
const sandbox = new Sandbox<MisbehavingTasks>(builtFile(import.meta.url, './fixtures.js'));
const pid = await sandbox.run('pid', null, 60_000);
const looping = sandbox.run('loop', null, 60_000);
process.send?.(pid);
await looping;
