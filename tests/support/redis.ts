import { spawn, type ChildProcess } from 'node:child_process';
import { Redis } from 'ioredis';
import { findProgram } from './binaries.js';
import { endChild, exitOf, type Exit } from './child.js';
import { freePort } from './free-port.js';
import { stopAfterTests } from './leftovers.js';
import { makeFolder } from './folders.js';
import { eventually, NeverError } from './wait-for.js';

/** A Redis of a test's own, to be killed and emptied at will. */
export class TestRedis {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  /** @returns it, answering. It is stopped after the tests of the file. */
  static async start(): Promise<TestRedis> {
    const folder = await makeFolder();
    const redis = new TestRedis(await freePort(), folder.path, folder.remove);
    const stopped = stopAfterTests(() => redis.stop());
    try {
      await redis.restart();
    } catch (error) {
      stopped();
      await redis.stop();
      throw error;
    }
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** kill -9 unless told otherwise. Clients keep trying: the port stays the same. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return this.child ? endChild(this.child, signal) : Promise.resolve({ code: null, signal: null });
  }

  /** Starts it again after a {@link kill}, with what its append-only file holds. */
  async restart(): Promise<void> {
    await this.kill();
    const args = ['--port', this.port, '--bind', '127.0.0.1', '--dir', this.folder, '--appendonly', 'yes'];
    const policy = ['--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
    const child = spawn(findProgram('redis-server'), [...args, ...policy].map(String), { stdio: 'ignore' });
    this.child = child;
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new NeverError(`redis-server ended with ${child.exitCode}`);
        return (await command(this.url, (redis) => redis.ping())) === 'PONG';
      },
      { what: 'an answer from redis-server' },
    );
  }

  /** Takes every key away, as an operator's mistake would. */
  async flush(): Promise<void> {
    await command(this.url, (redis) => redis.flushall());
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    if (this.child) await exitOf(this.child);
    await this.removeFolder();
  }
}

/** Starts a Redis of its own on a free port, keeping an append-only file. */
export function startRedis(): Promise<TestRedis> {
  return TestRedis.start();
}

/**
 * The URL of an empty logical database on the run's shared Redis, another one at each call.
 * @throws Error when the tests were not started with npm test
 */
export async function emptyRedis(): Promise<string> {
  const shared = process.env.TEST_REDIS_URL;
  if (!shared) {
    throw new Error(
      'TEST_REDIS_URL is not set: start the tests with `npm test` (one file: `npm test -- PATH`).',
    );
  }
  const url = new URL(shared);
  await command(shared, async (redis) => {
    const answer = await redis.config('GET', 'databases');
    const number = await redis.incr('broadsheet:test:databases');
    url.pathname = `/${1 + (number % (Number(answer[1]) - 1))}`;
  });
  await command(url.href, (redis) => redis.flushdb());
  return url.href;
}

/** One command on a connection of its own that does not try again. */
async function command<T>(url: string, run: (redis: Redis) => Promise<T>): Promise<T> {
  // ioredis leaves a timer of disconnectTimeout behind when the connection was already gone.
  const options = { lazyConnect: true, maxRetriesPerRequest: 0, disconnectTimeout: 50 };
  const redis = new Redis(url, { ...options, retryStrategy: () => null });
  redis.on('error', () => undefined); // also thrown by the command, where it is seen
  try {
    await redis.connect();
    return await run(redis);
  } finally {
    redis.disconnect();
  }
}
