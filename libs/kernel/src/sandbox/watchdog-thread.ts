import { workerData } from 'node:worker_threads';
import { DEADLINE, type Watch } from './watchdog.js';

/** How often a running task is looked at. */
const LOOK_MS = 25;

const { cells, parent, residentBytes } = workerData as Watch;

/**
 * The signal says why: SIGALRM, the time is over; SIGXCPU, the memory. Neither has a handler, so each ends the process also while
 * its loop is blocked. One whose parent was killed would run on for ever with nobody to end it.
 */
function look(deadline: bigint): void {
  if (BigInt(Date.now()) > deadline) process.kill(process.pid, 'SIGALRM');
  if (process.memoryUsage.rss() > residentBytes) process.kill(process.pid, 'SIGXCPU');
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
