import {
  createPostgresBackend,
  Queue,
  withBackend,
  Worker,
  type Job,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from 'bullmq';
import type { Database } from '#database/database.js';
import type { QUEUE_NAMES } from '#database/migration/queue-names.js';
import type { Config } from '#kernel/config/config.js';
import type { Log } from '#kernel/observing/logger.js';
import { connectRedis, type RedisClient } from '../redis/redis-connection.js';
import { RedisWatch } from '../redis/redis-watch.js';

type QueueName = (typeof QUEUE_NAMES)[number];

/** Hash-tagged, so that on a Redis Cluster all keys of a queue lie on one node. */
const PREFIX = '{broadsheet}';

/** Makes BullMQ's objects on the store the configuration names. The one place that chooses. */
export interface BullBackend {
  readonly kind: 'redis' | 'database';
  queue(name: QueueName): Queue;
  worker(
    name: QueueName,
    process: (job: Job) => Promise<void>,
    options: Omit<WorkerOptions, 'connection'>,
  ): Worker;
  /** Calls back each time the store is there again, perhaps without some of the jobs it had. */
  onReady(listener: () => void): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

function redisBackend(url: string, log: Log): BullBackend {
  const shared = connectRedis(url);
  const watch = new RedisWatch(shared, PREFIX, log);
  const copies = copiesOf(shared);
  const options = (): QueueOptions => ({ connection: shared, prefix: PREFIX });
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, options()),
    worker: (name, process, more) => new Worker(name, process as Processor, { ...more, ...options() }),
    onReady: (listener) => watch.onReady(listener),
    ping: () => watch.ping(),
    close: () => {
      watch.close();
      for (const redis of [shared, ...copies]) redis.disconnect();
      return Promise.resolve();
    },
  };
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

function databaseBackend(database: Database): BullBackend {
  const bull = withBackend(createPostgresBackend);
  const connection = database.queuePool() as never;
  return {
    kind: 'database',
    queue: (name) => new bull.Queue(name, { connection }) as unknown as Queue,
    worker: (name, process, more) =>
      new bull.Worker(name, process as Processor, { ...more, connection }) as unknown as Worker,
    onReady: () => undefined,
    ping: () => database.ping(),
    close: () => Promise.resolve(),
  };
}

export function createBullBackend(config: Config, database: Database, log: Log): BullBackend {
  return config.redisUrl ? redisBackend(config.redisUrl, log) : databaseBackend(database);
}
