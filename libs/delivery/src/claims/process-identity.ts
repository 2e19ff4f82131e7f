import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { newId } from '#kernel/ids.js';
import { processState } from '#kernel/process/process-state.js';
import type { JournalOwner } from './journal.js';

/** Who this process is, in its journals. A pid alone is used again. */
export const THIS_PROCESS: JournalOwner = {
  processId: newId(),
  pid: process.pid,
  host: hostname(),
  bootId: readBootId(),
};

/** A claim of another machine whose journal lies here (a moved volume) is left alone for this long. */
const FOREIGN_AFTER_MS = 3_600_000;

function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null; // not Linux
  }
}

/** Whether the writer of a journal can be known to be dead. A frozen one is not; its lease decides. */
export function isDead(owner: JournalOwner, touchedAt: number, now: number): boolean {
  if (owner.processId === THIS_PROCESS.processId) return false;
  if (owner.host !== THIS_PROCESS.host) return now - touchedAt > FOREIGN_AFTER_MS;
  if (!isWhole(owner)) return true; // no process outlives its machine's run
  if (owner.pid === process.pid) return true; // our own pid, but not us: its holder is gone (a restarted container)
  return processState(owner.pid) === 'dead';
}

/** Whether all that the owner wrote is there: the kernel that took it has not gone down since. */
export function isWhole(owner: JournalOwner): boolean {
  return owner.bootId === THIS_PROCESS.bootId;
}
