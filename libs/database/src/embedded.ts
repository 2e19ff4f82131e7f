import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { Database, type Executor } from './database.js';
import { FolderLock } from './folder-lock.js';
import { pgliteAsPool } from './pglite-pool.js';
import type { PoolLike } from './pool-like.js';
import * as schema from './schema/index.js';

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

  /** @throws FolderLockedError when another process uses the folder */
  static async open(dataDir: string): Promise<EmbeddedDatabase> {
    const lock = FolderLock.take(dataDir);
    try {
      const pglite = await PGlite.create(join(dataDir, 'db'));
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

  override async close(): Promise<void> {
    try {
      await this.pglite.close();
    } finally {
      this.lock.release();
    }
  }
}
