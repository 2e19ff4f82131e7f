import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopAfterTests } from './leftovers.js';
import { RedisServer } from './redis-server.js';
import { eventually } from './wait-for.js';

const NAME = 'mymaster';
const PASSWORD = 'of:the/servers@1';
const SENTINEL_PASSWORD = 'of-the-sentinel';
/** After so much silence the sentinel counts the master as gone: short for a test. */
const DOWN_AFTER_MS = 1_000;

/** A master, a replica and a sentinel of a test's own, behind passwords. */
export class TestRedisSentinel {
  private constructor(
    private readonly servers: RedisServer[],
    private readonly sentinel: RedisServer,
  ) {}

  /** @returns them, the replica in step with its master. They are stopped after the tests of the file. */
  static async start(): Promise<TestRedisSentinel> {
    const master = await makeServer();
    const replica = await makeServer();
    const sentinel = await RedisServer.make(['sentinel.conf', '--sentinel'], SENTINEL_PASSWORD);
    const all = new TestRedisSentinel([master, replica], sentinel);
    stopAfterTests(() => all.stop());
    await master.start();
    await replica.start();
    await all.follow(replica, master);
    const settings = [
      `requirepass ${SENTINEL_PASSWORD}`,
      `sentinel monitor ${NAME} 127.0.0.1 ${master.port} 1`,
      `sentinel auth-pass ${NAME} "${PASSWORD}"`,
      `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
      `sentinel failover-timeout ${NAME} 5000`,
    ];
    await writeFile(join(sentinel.folder, 'sentinel.conf'), `${settings.join('\n')}\n`);
    await sentinel.start();
    await eventually(
      () =>
        sentinel.command(
          async (redis) => ((await redis.call('SENTINEL', 'REPLICAS', NAME)) as unknown[]).length === 1,
        ),
      { what: 'the sentinel knowing the replica', timeoutMs: 20_000 },
    );
    return all;
  }

  get url(): string {
    const password = encodeURIComponent(PASSWORD);
    return `redis-sentinel://:${password}@127.0.0.1:${this.sentinel.port}/${NAME}?sentinel-password=${SENTINEL_PASSWORD}`;
  }

  /** The master, as the sentinel sees it. */
  async master(): Promise<RedisServer> {
    const address = await this.sentinel.command(
      (redis) => redis.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME) as Promise<[string, string]>,
    );
    return this.servers.find((server) => String(server.port) === address[1]) as RedisServer;
  }

  /** Ends or freezes the master and waits until the replica has taken over. */
  async failOver(how: 'kill' | 'freeze' = 'kill'): Promise<void> {
    const old = await this.master();
    if (how === 'kill') await old.kill();
    else old.freeze();
    await eventually(
      async () => {
        const now = await this.master();
        return (
          now !== old && (await now.command((redis) => redis.info('replication'))).includes('role:master')
        );
      },
      { what: 'the replica taking over', timeoutMs: 20_000 },
    );
  }

  async killAll(): Promise<void> {
    await Promise.all([this.sentinel, ...this.servers].map((server) => server.kill()));
  }

  /** Starts again what does not run and waits until the replica is in step with its master. */
  async startAgain(): Promise<void> {
    const all = [this.sentinel, ...this.servers];
    await Promise.all(all.filter((server) => !server.runs).map((server) => server.start()));
    const master = await this.master();
    await this.follow(this.servers.find((server) => server !== master) as RedisServer, master);
  }

  async stop(): Promise<void> {
    await Promise.all([this.sentinel, ...this.servers].map((server) => server.stop()));
  }

  private async follow(replica: RedisServer, master: RedisServer): Promise<void> {
    await replica.command((redis) => redis.call('REPLICAOF', '127.0.0.1', master.port));
    await eventually(
      async () =>
        (await replica.command((redis) => redis.info('replication'))).includes('master_link_status:up'),
      { what: 'the replica in step with its master', timeoutMs: 30_000, everyMs: 100 },
    );
  }
}

function makeServer(): Promise<RedisServer> {
  return RedisServer.make(
    [
      '--appendonly',
      'no',
      '--save',
      '',
      '--repl-diskless-sync-delay',
      0,
      '--requirepass',
      PASSWORD,
      '--masterauth',
      PASSWORD,
      '--maxmemory-policy',
      'noeviction',
    ],
    PASSWORD,
  );
}
