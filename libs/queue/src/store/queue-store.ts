import type { QueueOptions } from 'bullmq';
import type { Database } from '#database/database.js';
import type { Config } from '#kernel/config/config.js';
import type { Log } from '#kernel/observing/logger.js';
import { connectRedis, type RedisClient } from '../redis/redis-connection.js';
import { RedisWatch } from '../redis/redis-watch.js';

/** Hash-tagged, so that on a Redis Cluster all keys of a queue lie on one node. */
const PREFIX = '{broadsheet}';

/** Where jobs wait: what the configuration names. */
export abstract class QueueStore {
  /** What BullMQ's queues and workers on it are made with. */
  abstract readonly options: Pick<QueueOptions, 'connection' | 'prefix'>;
  /**
   * How long it may take over a job, in milliseconds. A request must not wait for a store that is gone: what it did is
   * committed, and the tick will find it.
   */
  abstract readonly patienceMs: number;
  /** Calls back each time the store is there again, perhaps without some of the jobs it had. */
  abstract onReady(listener: () => void): void;
  /** @throws when the store does not answer */
  abstract ping(): Promise<void>;
  /** After the queues and workers on it. */
  abstract close(): Promise<void>;
}

class RedisStore extends QueueStore {
  override readonly options;
  override readonly patienceMs = 500;
  private readonly shared: RedisClient;
  private readonly watch: RedisWatch;
  private readonly copies: RedisClient[];

  constructor(url: string, log: Log) {
    super();
    this.shared = connectRedis(url);
    this.watch = new RedisWatch(this.shared, PREFIX, log);
    this.copies = copiesOf(this.shared);
    this.options = { connection: this.shared, prefix: PREFIX };
  }

  override onReady(listener: () => void): void {
    this.watch.onReady(listener);
  }

  override ping(): Promise<void> {
    return this.watch.ping();
  }

  override close(): Promise<void> {
    this.watch.close();
    for (const redis of [this.shared, ...this.copies]) redis.disconnect();
    return Promise.resolve();
  }
}

/**
 * The copies BullMQ makes of a connection, one per worker, to wait for jobs on. It closes them, unless the store is
 * gone: then it waits for an end that does not come.
 */
function copiesOf(redis: RedisClient): RedisClient[] {
  const copies: RedisClient[] = [];
  const duplicate = redis.duplicate.bind(redis) as (...args: unknown[]) => RedisClient;
  redis.duplicate = (...args: unknown[]) => {
    const copy = duplicate(...args);
    copies.push(copy);
    return copy as never;
  };
  return copies;
}

/** On PostgreSQL and on the embedded database. Closed by whoever closes the database. */
class DatabaseStore extends QueueStore {
  override readonly options;
  /** It has just taken what the job is about: when it is slow it is busy, not gone. */
  override readonly patienceMs = 10_000;

  constructor(private readonly database: Database) {
    super();
    this.options = { connection: database.queuePool() as never };
  }

  override onReady(): void {
    // what is committed there is not lost
  }

  override ping(): Promise<void> {
    return this.database.ping();
  }

  override close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The one place that chooses. */
export function openQueueStore(config: Config, database: Database, log: Log): QueueStore {
  return config.redisUrl ? new RedisStore(config.redisUrl, log) : new DatabaseStore(database);
}
