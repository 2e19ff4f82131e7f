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
import { Redis } from 'ioredis';
import type { Database } from '#database/database.js';
import type { Config } from '#kernel/config.js';
import type { Log } from '#kernel/logger.js';
import type { QueueName } from './jobs.js';

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
  /** Calls back each time the store has become reachable again. */
  onReady(listener: () => void): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

function redisBackend(url: string, log: Log): BullBackend {
  const connect = (lazy: boolean) => {
    // maxRetriesPerRequest null is BullMQ's demand: commands wait out an outage instead of failing the worker.
    const redis = new Redis(url, {
      maxRetriesPerRequest: null,
      lazyConnect: lazy,
      retryStrategy: (times: number) => Math.min(times * 200, 2_000),
    });
    redis.on('error', (error: Error) => log.debug('redis connection', { reason: error.message }));
    return redis;
  };
  const shared = connect(false);
  let down = false;
  let closing = false;
  shared.on('close', () => {
    if (!down && !closing) log.warn('Redis does not answer; what is committed waits in the database');
    down = true;
  });
  shared.on('ready', () => {
    if (down) log.info('Redis answers again');
    down = false;
  });
  const options = (): QueueOptions => ({ connection: shared, prefix: PREFIX });
  return {
    kind: 'redis',
    queue: (name) => new Queue(name, options()),
    worker: (name, process, more) => new Worker(name, process as Processor, { ...more, ...options() }),
    onReady: (listener) => shared.on('ready', listener),
    ping: async () => {
      if (shared.status !== 'ready') throw new Error(`Redis is ${shared.status}`);
      await shared.ping();
    },
    close: () => {
      closing = true;
      shared.disconnect();
      return Promise.resolve();
    },
  };
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
