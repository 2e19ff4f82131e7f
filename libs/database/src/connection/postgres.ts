import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import type { Log } from '#kernel/observing/logger.js';
import { Database, type Executor } from '../database.js';
import type { PoolLike } from '../pool-like.js';
import * as schema from '../schema/index.js';

const MINIMUM_VERSION = 150_000; // server_version_num of PostgreSQL 15

/** PostgreSQL 15 or newer over node-postgres. */
export class PostgresDatabase extends Database {
  readonly kind = 'postgres';
  readonly db: Executor;
  private queue: pg.Pool | undefined;

  private constructor(
    private readonly pool: pg.Pool,
    private readonly url: string,
    private readonly log: Log,
  ) {
    super();
    this.db = drizzle(pool, { schema, casing: 'snake_case' });
  }

  /**
   * @param idleTransactionMs the server ends a transaction that says nothing for so long: its process is frozen or cut
   *   off, and the rows it locked are waited for
   * @param variable that holds the URL
   * @throws Error naming the variable when the server does not answer or is too old
   */
  static async open(
    url: string,
    connections: number,
    log: Log,
    idleTransactionMs = 60_000,
    variable = 'DATABASE_URL',
  ): Promise<PostgresDatabase> {
    const pool = new pg.Pool({
      connectionString: url,
      max: connections,
      keepAlive: true,
      application_name: 'broadsheet',
      // Not in the start-up packet, where PgBouncer refuses what it does not know.
      // eslint-disable-next-line @typescript-eslint/no-misused-promises -- the pool waits for it; its types do not say so
      onConnect: async (client: pg.ClientBase) => {
        await client.query(`SET idle_in_transaction_session_timeout = ${idleTransactionMs}`);
      },
    });
    // An idle connection that drops (a restart of the server) is replaced; it must not end the process.
    pool.on('error', (error) => log.warn('a database connection was lost', { reason: error.message }));
    try {
      const { rows } = await pool.query<{ num: string }>(
        "SELECT current_setting('server_version_num') AS num",
      );
      if (Number(rows[0]?.num) < MINIMUM_VERSION) throw new Error('the server is older than PostgreSQL 15');
    } catch (error) {
      await pool.end();
      throw new Error(`${variable}: cannot use the database: ${(error as Error).message || 'no answer'}`, {
        cause: error,
      });
    }
    return new PostgresDatabase(pool, url, log);
  }

  override queuePool(): PoolLike {
    if (!this.queue) {
      this.queue = new pg.Pool({
        connectionString: this.url,
        max: 10,
        keepAlive: true,
        options: '-c search_path=bullmq',
        application_name: 'broadsheet-queue',
      });
      // Every queue and every worker listens for errors, and there are more than ten of them.
      this.queue.setMaxListeners(0);
      this.queue.on('error', (error) =>
        this.log.warn('a queue connection was lost', { reason: error.message }),
      );
    }
    return this.queue;
  }

  override async withSession<T>(work: (session: PoolLike) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  override async applyMigrations(folder: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await migrate(drizzle(client), { migrationsFolder: folder });
    } finally {
      client.release();
    }
  }

  override async ping(): Promise<void> {
    await this.pool.query('SELECT 1');
  }

  override async close(): Promise<void> {
    await this.queue?.end();
    await this.pool.end();
  }
}
