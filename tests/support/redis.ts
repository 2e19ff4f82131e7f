import type { Exit } from './child.js';
import { stopAfterTests } from './leftovers.js';
import { onConnection, RedisServer } from './redis-server.js';

const ARGS = [
  '--appendonly',
  'yes',
  '--appendfsync',
  'always',
  '--maxmemory-policy',
  'noeviction',
  '--save',
  '',
];

/** A Redis of a test's own, to be killed and emptied at will. */
export class TestRedis {
  private constructor(private readonly server: RedisServer) {}

  /** @returns it, answering. It is stopped after the tests of the file. */
  static async start(): Promise<TestRedis> {
    const redis = new TestRedis(await RedisServer.make(ARGS));
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
    return `redis://127.0.0.1:${this.server.port}`;
  }

  /** kill -9 unless told otherwise. Clients keep trying: the port stays the same. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return this.server.kill(signal);
  }

  /** Starts it again after a {@link kill}, with what its append-only file holds. */
  restart(): Promise<void> {
    return this.server.start();
  }

  /** Takes every key away, as an operator's mistake would. */
  async flush(): Promise<void> {
    await this.server.command((redis) => redis.flushall());
  }

  /** Ends it and removes its folder. */
  stop(): Promise<void> {
    return this.server.stop();
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
  const { hostname, port, username, password } = url;
  const server = {
    host: hostname,
    port: Number(port || 6379),
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  };
  const db = await onConnection(server, async (redis) => {
    const answer = await redis.config('GET', 'databases');
    const number = await redis.incr('broadsheet:test:databases');
    return 1 + (number % (Number(answer[1]) - 1));
  });
  await onConnection({ ...server, db }, (redis) => redis.flushdb());
  url.pathname = `/${db}`;
  return url.href;
}
