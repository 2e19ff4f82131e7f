import { readdirSync, readFileSync } from 'node:fs';

const CLOCK_TICKS_PER_SECOND = 100; // USER_HZ, fixed on Linux for user space

/**
 * CPU time that a process and all its children have used so far, in milliseconds: user and system, all threads. Of those
 * that have ended it is what was waited for (proc(5), stat, fields 14 to 17).
 * @throws Error when the process has ended
 */
export function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  const own = (ticks * 1000) / CLOCK_TICKS_PER_SECOND;
  return childrenOf(pid).reduce((sum, child) => sum + cpuMsOrEnded(child), own);
}

/** @returns pids of the children that live; each was begun by one of the threads (proc(5), children) */
export function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

/** @returns 0 for one that ended a moment ago: the next look finds it with its parent */
function cpuMsOrEnded(pid: number): number {
  try {
    return cpuMsOf(pid);
  } catch {
    return 0;
  }
}

/** The largest memory a process has had, in MB (proc(5), VmHWM). */
export function peakRssMbOf(pid: number): number {
  const line = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}
