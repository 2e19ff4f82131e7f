import { workerData } from 'node:worker_threads';
import { DEADLINE, MEMORY_SIGNAL, TIME_SIGNAL, type Watch } from './watchdog.js';

/** How often a running task is looked at. */
const LOOK_MS = 25;

const { cells, parent, residentBytes } = workerData as Watch;

/**
 * The signal says why. It has no handler, so it ends the process also while its loop is blocked. One whose parent was killed
 * would run on for ever with nobody to end it.
 */
function look(deadline: bigint): void {
  if (process.hrtime.bigint() > deadline) process.kill(process.pid, TIME_SIGNAL);
  if (process.memoryUsage.rss() > residentBytes) process.kill(process.pid, MEMORY_SIGNAL);
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}

for (;;) {
  const deadline = Atomics.load(cells, DEADLINE);
  if (deadline === 0n) Atomics.wait(cells, DEADLINE, 0n);
  else {
    look(deadline);
    Atomics.wait(cells, DEADLINE, deadline, LOOK_MS);
  }
}
