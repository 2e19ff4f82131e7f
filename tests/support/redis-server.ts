import { spawn, type ChildProcess } from 'node:child_process';
import { Redis, type RedisOptions } from 'ioredis';
import { findProgram } from './binaries.js';
import { endChild, exitOf, type Exit } from './child.js';
import { makeFolder } from './folders.js';
import { freePort } from './free-port.js';
import { eventually, NeverError } from './wait-for.js';

/** One redis-server process on a free port of 127.0.0.1, in a folder of its own. */
export class RedisServer {
  private child: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly args: string[],
    private readonly password: string | undefined,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  /**
   * Makes it, not running yet.
   * @param args what follows `--port` and the like; a first one without dashes names a configuration file in its folder
   */
  static async make(args: (string | number)[], password?: string): Promise<RedisServer> {
    const folder = await makeFolder();
    return new RedisServer(await freePort(), folder.path, args.map(String), password, folder.remove);
  }

  /** Starts it, again after a {@link kill} with what its folder holds, and waits until it answers. */
  async start(): Promise<void> {
    await this.kill();
    const files = this.args.filter((arg) => arg.endsWith('.conf'));
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    const more = this.args.filter((arg) => !files.includes(arg));
    const child = spawn(findProgram('redis-server'), [...files, ...where, ...more], {
      cwd: this.folder,
      stdio: 'ignore',
    });
    this.child = child;
    await eventually(
      async () => {
        if (child.exitCode !== null) throw new NeverError(`redis-server ended with ${child.exitCode}`);
        return (await this.command((redis) => redis.ping())) === 'PONG';
      },
      { what: 'an answer from redis-server' },
    );
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** kill -9 unless told otherwise; waits for the end. Clients keep trying: the port stays the same. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<Exit> {
    return this.child ? endChild(this.child, signal) : Promise.resolve({ code: null, signal: null });
  }

  /** Stops it in its tracks, without ending it: its connections stay open and nothing is answered. */
  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.kill();
    if (this.child) await exitOf(this.child);
    await this.removeFolder();
  }

  /** Runs commands on a connection of their own that does not try again. */
  command<T>(run: (redis: Redis) => Promise<T>): Promise<T> {
    const { port, password } = this;
    return onConnection({ host: '127.0.0.1', port, ...(password === undefined ? {} : { password }) }, run);
  }
}

/** Runs commands on a connection of their own that does not try again. */
export async function onConnection<T>(to: RedisOptions, run: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    ...to,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    disconnectTimeout: 50, // ioredis leaves a timer of it behind when the connection was already gone
    commandTimeout: 5_000,
  });
  redis.on('error', () => undefined); // also thrown by the command, where it is seen
  try {
    await redis.connect();
    return await run(redis);
  } finally {
    redis.disconnect();
  }
}
