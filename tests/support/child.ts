import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended, at once if it has already. */
export async function exitOf(child: ChildProcess): Promise<Exit> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

/** Sends a signal and waits for the end. */
export async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<Exit> {
  const exit = exitOf(child);
  child.kill(signal);
  return exit;
}
