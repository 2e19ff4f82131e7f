import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { PoolLike } from './pool-like.js';
import type * as schema from './schema/index.js';

export type Schema = typeof schema;
/** The database, or a transaction on it: what a repository works with. */
export type Executor = PgDatabase<PgQueryResultHKT, Schema>;

/** One store of truth, PostgreSQL or embedded. The injection token of the database. */
export abstract class Database {
  abstract readonly kind: 'postgres' | 'embedded';
  abstract readonly db: Executor;

  /** Runs the work in one transaction; anything thrown rolls all of it back. */
  transaction<T>(work: (tx: Executor) => Promise<T>): Promise<T> {
    return this.db.transaction(work);
  }

  /** A pool whose search path is BullMQ's schema, for the queue that lives in the database. */
  abstract queuePool(): PoolLike;
  /** Runs work on one dedicated session, for migrations under a lock. */
  abstract withSession<T>(work: (session: PoolLike) => Promise<T>): Promise<T>;
  /** Applies the product's own migrations. */
  abstract applyMigrations(folder: string): Promise<void>;
  /** @throws when the store does not answer */
  abstract ping(): Promise<void>;
  /** The process has been asked to stop and will close it: whoever starts in its place may wait for that. */
  announceEnd(): void {
    // only what is one process's alone has anybody waiting
  }
  abstract close(): Promise<void>;
}
