import { statfsSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { Database, type Executor } from '../database.js';
import { FolderLock, type Holder } from './folder-lock.js';
import { giveWay } from './give-way.js';
import { guardAgainstPanic } from './panic-guard.js';
import { pgliteAsPool } from './pglite-pool.js';
import type { PoolLike } from '../pool-like.js';
import * as schema from '../schema/index.js';

/** Free bytes it needs to start: it recovers into a log file of 16 MB, and without it would hang, saying nothing. */
const ROOM_TO_START = 20e6;

/** @throws Error naming the folder, what is left there and what is needed */
function insistOnRoom(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const left = bavail * bsize;
  if (left >= ROOM_TO_START) return;
  const [has, needs] = [left, ROOM_TO_START].map((bytes) => `${Math.floor(bytes / 1e6)} MB`);
  throw new Error(
    `The disk is full: ${dataDir} has ${has} left and the embedded database needs ${needs} to start.`,
  );
}

interface Hooks {
  /** It has stopped for good and the process with it must end; see {@link guardAgainstPanic}. */
  onPanic?: (error: Error) => void;
  /** Another process that is ending still holds the folder, and is waited for. */
  onWait?: (holder: Holder) => void;
}

/** PostgreSQL inside this process (PGlite), kept in a folder that one process at a time may use. */
export class EmbeddedDatabase extends Database {
  readonly kind = 'embedded';
  readonly db: Executor;
  private readonly pool: PoolLike;

  private constructor(
    private readonly pglite: PGlite,
    private readonly lock: FolderLock,
  ) {
    super();
    this.db = drizzle(pglite, { schema, casing: 'snake_case' });
    this.pool = pgliteAsPool(pglite);
  }

  /**
   * @throws FolderLockedError when another process uses the folder and goes on using it
   * @throws Error when the disk has too little room left to start
   */
  static async open(
    dataDir: string,
    { onPanic = () => undefined, onWait }: Hooks = {},
  ): Promise<EmbeddedDatabase> {
    const lock = await FolderLock.take(dataDir, onWait);
    try {
      insistOnRoom(dataDir);
      const pglite = await PGlite.create(join(dataDir, 'db'), { extensions: { pg_trgm } });
      guardAgainstPanic(pglite, onPanic);
      giveWay(pglite);
      // One session serves both: ours are found in public first, BullMQ's in its own schema. No name is in both.
      await pglite.exec('SET search_path TO public, bullmq');
      return new EmbeddedDatabase(pglite, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  override queuePool(): PoolLike {
    return this.pool;
  }

  override withSession<T>(work: (session: PoolLike) => Promise<T>): Promise<T> {
    return work(this.pool);
  }

  override async applyMigrations(folder: string): Promise<void> {
    await migrate(drizzle(this.pglite), { migrationsFolder: folder });
  }

  override async ping(): Promise<void> {
    await this.pglite.query('SELECT 1');
  }

  override announceEnd(): void {
    this.lock.announceEnd();
  }

  override async close(): Promise<void> {
    try {
      await this.pglite.close();
    } finally {
      this.lock.release();
    }
  }
}
