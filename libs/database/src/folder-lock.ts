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

/** How often the holder touches its lock, and after how long an untouched one of another machine is given up. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_AFTER_MS = 60_000; // twelve missed beats: a paused container is not yet a dead one

interface Holder {
  pid: number;
  /** Kernel start time of the process, so that a reused pid is not taken for the holder. */
  startedAt: string | null;
  host: string;
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
  constructor(folder: string, holder: Holder) {
    super(
      `The data folder ${folder} is in use by process ${holder.pid} on ${holder.host}. ` +
        'Stop that process, or give this one another folder: DATA_DIR=/another/folder',
    );
    this.name = 'FolderLockedError';
  }
}

function startTime(pid: number): string | null {
  try {
    // Field 22 of /proc/PID/stat; the command name (field 2) may hold spaces, so count from its closing bracket.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null; // not Linux, or gone
  }
}

function isAlive(holder: Holder, touchedAt: number): boolean {
  if (holder.host !== hostname()) return Date.now() - touchedAt < ABANDONED_AFTER_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.startedAt === null || startTime(holder.pid) === holder.startedAt;
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
    private readonly heartbeat: NodeJS.Timeout,
  ) {}

  /** @throws FolderLockedError when a living process holds the folder */
  static take(folder: string): FolderLock {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const aside = writeAside(folder, {
      pid: process.pid,
      startedAt: startTime(process.pid),
      host: hostname(),
    });
    try {
      for (;;) {
        const latest = latestTake(folder);
        if (latest?.holder && isAlive(latest.holder, latest.touchedAt)) {
          throw new FolderLockedError(folder, latest.holder);
        }
        const number = (latest?.number ?? 0) + 1;
        if (FolderLock.isFirst(folder, number, aside))
          return new FolderLock(folder, number, beat(pathOf(folder, number)));
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

  release(): void {
    clearInterval(this.heartbeat);
    if (latestTake(this.folder)?.number !== this.number) return; // given up for dead and taken over
    renameSync(writeAside(this.folder, null), pathOf(this.folder, this.number));
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
