import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processState, startTimeOf } from '#kernel/process/process-state.js';

/** How often the holder touches its lock, and after how long an untouched one of another machine is given up. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_AFTER_MS = 60_000; // twelve missed beats: a paused container is not yet a dead one

/** How long a start waits for a holder that is ending: a killed one takes a moment to give its memory back. */
export const ENDING_WAIT_MS = 10_000;
const POLL_MS = 50;

export interface Holder {
  pid: number;
  /** Kernel start time of the process, so that a reused pid is not taken for the holder. */
  startedAt: string | null;
  host: string;
  /** It has been asked to stop, and is finishing. */
  ending?: boolean;
}

/** One take of the folder: the file `lock.NUMBER`. */
interface Take {
  number: number;
  /** Null: released. */
  holder: Holder | null;
  /** When its holder last touched it. */
  touchedAt: number;
}

/** Another process uses the folder. */
export class FolderLockedError extends Error {
  constructor(folder: string, holder: Holder, waitedMs: number) {
    super(
      `The data folder ${folder} is in use by process ${holder.pid} on ${holder.host}` +
        `${waitedMs > 0 ? `, also after ${Math.round(waitedMs / 1000)} s of waiting for it to end` : ''}. ` +
        'Stop that process, or give this one another folder: DATA_DIR=/another/folder',
    );
    this.name = 'FolderLockedError';
  }
}

/** Whether the holder is known to keep the folder, is gone, or may be about to give it back. */
function stateOf(holder: Holder, touchedAt: number): 'alive' | 'dead' | 'ending' {
  if (holder.host !== hostname()) {
    if (Date.now() - touchedAt >= ABANDONED_AFTER_MS) return 'dead';
    return holder.ending ? 'ending' : 'alive';
  }
  const state = processState(holder.pid, holder.startedAt);
  // Where the system does not say whether a process has been killed, this one may have been.
  if (state === 'unknown') return 'ending';
  return state === 'alive' && holder.ending ? 'ending' : state;
}

/** @returns what waits a moment for a holder; it throws a FolderLockedError when there is nothing to wait for any more */
function waitForEnd(folder: string, onWait: (holder: Holder) => void, waitMs: number) {
  let since: number | undefined;
  return async (holder: Holder, state: 'alive' | 'ending'): Promise<void> => {
    const waitedMs = since === undefined ? 0 : performance.now() - since;
    if (state === 'alive') throw new FolderLockedError(folder, holder, 0);
    if (waitedMs >= waitMs) throw new FolderLockedError(folder, holder, waitedMs);
    if (since === undefined) onWait(holder);
    since ??= performance.now();
    await pause(POLL_MS);
  };
}

function isCode(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}

function takesIn(folder: string): number[] {
  return readdirSync(folder)
    .map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0))
    .filter((number) => number > 0);
}

function pathOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

/** The take with the highest number, which is the one that counts. */
function latestTake(folder: string): Take | undefined {
  for (;;) {
    const number = Math.max(0, ...takesIn(folder));
    if (number === 0) return undefined;
    const path = pathOf(folder, number);
    try {
      const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder | null;
      return { number, holder, touchedAt: statSync(path).mtimeMs };
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error; // gone: a higher one has come
    }
  }
}

/** Writes a file whole, beside the place where it is to appear. */
function writeAside(folder: string, holder: Holder | null): string {
  const path = join(folder, `lock-${randomUUID()}`);
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, JSON.stringify(holder));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return path;
}

/**
 * Holds a folder for one process at a time, and is taken over when its holder is dead.
 *
 * Every take makes a new file with the next number, and a number can be made only once, so of any number of starters
 * that find a dead holder one gets through: nobody ever removes a lock that counts. A release marks its file, since the
 * highest number must stay known; lower ones are swept away.
 */
export class FolderLock {
  private constructor(
    private readonly folder: string,
    private readonly number: number,
    private readonly me: Holder,
    private readonly heartbeat: NodeJS.Timeout,
  ) {}

  /**
   * Takes the folder. For a holder that is ending (killed, or asked to stop) it waits up to {@link ENDING_WAIT_MS}.
   * @param onWait hears once whom it waits for
   * @throws FolderLockedError when a living process holds the folder, and goes on holding it
   */
  static async take(
    folder: string,
    onWait: (holder: Holder) => void = () => undefined,
    waitMs = ENDING_WAIT_MS,
  ): Promise<FolderLock> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const me = { pid: process.pid, startedAt: startTimeOf(process.pid), host: hostname() };
    const wait = waitForEnd(folder, onWait, waitMs);
    const aside = writeAside(folder, me);
    try {
      for (;;) {
        const latest = latestTake(folder);
        const state = latest?.holder ? stateOf(latest.holder, latest.touchedAt) : 'dead';
        if (latest?.holder && state !== 'dead') {
          await wait(latest.holder, state);
          continue;
        }
        const number = (latest?.number ?? 0) + 1;
        if (FolderLock.isFirst(folder, number, aside))
          return new FolderLock(folder, number, me, beat(pathOf(folder, number)));
      }
    } finally {
      rmSync(aside, { force: true });
    }
  }

  /** Tries to be the one that makes a number. */
  private static isFirst(folder: string, number: number, aside: string): boolean {
    const path = pathOf(folder, number);
    try {
      linkSync(aside, path);
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
    const takes = takesIn(folder);
    if (Math.max(...takes) > number) {
      rmSync(path, { force: true }); // late: the number had been made, used and swept away
      return false;
    }
    for (const earlier of takes) if (earlier < number) rmSync(pathOf(folder, earlier), { force: true });
    return true;
  }

  /** Lets others know that the folder will soon be given back: they wait instead of giving up. */
  announceEnd(): void {
    try {
      this.rewrite({ ...this.me, ending: true });
    } catch {
      // A full disk: the shutdown goes on, and others are refused at once, as ever.
    }
  }

  release(): void {
    clearInterval(this.heartbeat);
    this.rewrite(null);
  }

  private rewrite(holder: Holder | null): void {
    const latest = latestTake(this.folder);
    if (latest?.number !== this.number) return; // given up for dead and taken over
    if (latest.holder === null) return; // released
    renameSync(writeAside(this.folder, holder), pathOf(this.folder, this.number));
  }
}

/** Touches the file again and again, for machines that cannot see this process. */
function beat(path: string): NodeJS.Timeout {
  const heartbeat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // The file may be gone while shutting down; the next start does not depend on it.
    }
  }, HEARTBEAT_MS);
  return heartbeat.unref();
}
