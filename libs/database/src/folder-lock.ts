import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** How often the holder touches its lock, and after how long an untouched one of another machine is given up. */
const HEARTBEAT_MS = 5_000;
const ABANDONED_AFTER_MS = 60_000; // twelve missed beats: a paused container is not yet a dead one

interface Holder {
  nonce: string;
  pid: number;
  /** Kernel start time of the process, so that a reused pid is not taken for the holder. */
  startedAt: string | null;
  host: string;
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

function isAlive(holder: Holder, path: string): boolean {
  if (holder.host !== hostname()) return Date.now() - statSync(path).mtimeMs < ABANDONED_AFTER_MS;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.startedAt === null || startTime(holder.pid) === holder.startedAt;
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Holds a folder for one process at a time. The lock file appears whole (written aside, then linked), names its
 * holder, and is taken over when that holder is dead.
 */
export class FolderLock {
  private constructor(
    private readonly path: string,
    private readonly nonce: string,
    private readonly heartbeat: NodeJS.Timeout,
  ) {}

  /** @throws FolderLockedError when a living process holds the folder */
  static take(folder: string): FolderLock {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, 'lock');
    const me: Holder = { nonce: randomUUID(), pid: process.pid, startedAt: startTime(process.pid), host: hostname() };
    const aside = `${path}.${me.nonce}`;
    const file = openSync(aside, 'wx', 0o600);
    writeSync(file, JSON.stringify(me));
    fsyncSync(file);
    closeSync(file);
    try {
      for (;;) {
        try {
          linkSync(aside, path);
          break;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        }
        const holder = readHolder(path);
        if (!holder) continue;
        if (isAlive(holder, path)) throw new FolderLockedError(folder, holder);
        FolderLock.moveAway(path, holder);
      }
    } finally {
      rmSync(aside, { force: true });
    }
    const heartbeat = setInterval(() => {
      try {
        utimesSync(path, new Date(), new Date());
      } catch {
        // The file may be gone while shutting down; the next start does not depend on it.
      }
    }, HEARTBEAT_MS);
    heartbeat.unref();
    return new FolderLock(path, me.nonce, heartbeat);
  }

  /** Moves a dead holder's file aside. Of two starters only one moves it; a living lock moved by mistake is put back. */
  private static moveAway(path: string, dead: Holder): void {
    const grave = `${path}.${dead.nonce}.${randomUUID()}.stale`;
    try {
      renameSync(path, grave);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    try {
      if (readHolder(grave)?.nonce !== dead.nonce) linkSync(grave, path);
    } finally {
      rmSync(grave, { force: true });
    }
  }

  release(): void {
    clearInterval(this.heartbeat);
    if (readHolder(this.path)?.nonce === this.nonce) rmSync(this.path, { force: true });
  }
}
