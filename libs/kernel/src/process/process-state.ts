import { readdirSync, readFileSync } from 'node:fs';

/**
 * What can be known of a process of this machine, from outside:
 * - `dead`: gone, or a zombie that its parent has not collected yet (it holds nothing any more)
 * - `ending`: the kernel is taking it down; it will do nothing more, but may still hold its files
 * - `alive`
 * - `unknown`: it is there, and this system does not say more (no /proc)
 */
export type ProcessState = 'dead' | 'ending' | 'alive' | 'unknown';

const PF_EXITING = 0x4; // linux/sched.h
const SIGKILL_BIT = 1n << 8n; // signal 9, counted from bit 0

/** The fields of /proc/PID/stat from the third on: the name (field 2) may hold spaces, so count from its bracket. */
function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // not Linux, hidden, or gone
  }
}

/** The kernel's start time of a process, which tells it from a later one with the same pid. Null: not known. */
export function startTimeOf(pid: number): string | null {
  return statFields(pid)?.[19] ?? null; // field 22
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is there, and another user's
  }
}

/** Whether SIGKILL has been sent and not yet been acted upon, as while its disk does not answer. */
function isKilled(pid: number): boolean {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].some(
    ([, bits]) => (BigInt(`0x${bits}`) & SIGKILL_BIT) !== 0n,
  );
}

/** @param startedAt as {@link startTimeOf} gave it: a process that started at another time is not the one meant */
export function processState(pid: number, startedAt: string | null = null): ProcessState {
  if (!isThere(pid)) return 'dead';
  const fields = statFields(pid);
  if (!fields) return isThere(pid) ? 'unknown' : 'dead';
  const [state = '', , , , , , flags] = fields;
  if (startedAt !== null && fields[19] !== startedAt) return 'dead';
  try {
    // The first thread ends before the others do, and the last one gives the files back.
    if (state === 'Z' || state === 'X')
      return readdirSync(`/proc/${pid}/task`).length > 1 ? 'ending' : 'dead';
    return (Number(flags) & PF_EXITING) !== 0 || isKilled(pid) ? 'ending' : 'alive';
  } catch {
    return 'ending'; // it went away while it was looked at
  }
}
