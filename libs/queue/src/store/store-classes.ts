import { Cluster, Redis } from 'ioredis';
import {
  createPostgresBackend,
  createRedisBackend,
  Queue,
  Worker,
  type BackendFactory,
  type Processor,
  type QueueOptions,
  type RedisQueueBackend,
  type WorkerOptions,
} from 'bullmq';
import { within } from './within.js';

/** Handlers may be run again safely, so a job that lost its process is run again however often that happens. */
const MAX_STALLED = 1_000;
const LOCK_MS = 30_000;
/** If the store is gone, a queue would wait for it to say goodbye. */
const FAREWELL_MS = 1_000;

/**
 * Backends are chosen by the connection: Redis, or what has the shape of a `pg.Pool`. So both may live in one process, and none
 * is its default. BullMQ's types know one backend for each class; nothing of ours asks for what only that one has.
 */
const backendOf = ((name, options, more) =>
  options.connection instanceof Redis || options.connection instanceof Cluster
    ? createRedisBackend(name, options, more)
    : createPostgresBackend(name, options as never, more)) as BackendFactory<RedisQueueBackend>;

/** A queue on either store. */
export class StoreQueue extends Queue {
  constructor(name: string, options: QueueOptions) {
    super(name, options, backendOf);
    this.on('error', () => undefined); // logged by BullJobQueue, which is made later
  }

  /** Waits a second for the store, once: at the end Nest closes each queue again. */
  override async close(): Promise<void> {
    if (!this.closing) await within(super.close(), FAREWELL_MS);
  }
}

/** A worker on either store. What it does is said by its processor, and how much of it at once. */
export class StoreWorker extends Worker {
  constructor(name: string, processor: Processor, options: WorkerOptions) {
    const always = { lockDuration: LOCK_MS, stalledInterval: LOCK_MS / 2, maxStalledCount: MAX_STALLED };
    super(name, processor, { ...always, drainDelay: 5, ...options }, backendOf);
  }

  /** Whoever closes it first decides how long to wait for its jobs: at the end Nest closes each worker again, and would wait for ever. */
  override async close(force?: boolean): Promise<void> {
    if (!this.closing) await super.close(force);
  }
}
