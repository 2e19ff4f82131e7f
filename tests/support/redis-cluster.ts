import { stopAfterTests } from './leftovers.js';
import { freePort } from './free-port.js';
import { RedisServer } from './redis-server.js';
import { eventually } from './wait-for.js';

/** The tag of every key of the queue, and so of the slot they all lie in. */
const QUEUE_KEY = '{broadsheet}';
const MASTERS = 3;
const SLOTS = 16_384;
const PASSWORD = 'the cluster’s p@ssword/1';
/** After so much silence a node counts as gone: short for a test, long enough for a busy machine. */
const NODE_TIMEOUT_MS = 1_500;

/** A Redis Cluster of a test's own: three masters with a replica each, behind a password. */
export class TestRedisCluster {
  private constructor(private readonly nodes: RedisServer[]) {}

  /** @returns it, serving every slot. It is stopped after the tests of the file. */
  static async start(): Promise<TestRedisCluster> {
    const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, makeNode));
    const cluster = new TestRedisCluster(nodes);
    stopAfterTests(() => cluster.stop());
    await Promise.all(nodes.map((node) => node.start()));
    await cluster.join();
    return cluster;
  }

  get url(): string {
    const hosts = this.nodes.map((node) => `127.0.0.1:${node.port}`);
    return `redis-cluster://:${encodeURIComponent(PASSWORD)}@${hosts.join(',')}`;
  }

  /** The master that holds a key, as a node that runs sees it. */
  async masterOf(key: string): Promise<RedisServer> {
    return eventually(
      async () => {
        for (const witness of this.nodes) {
          if (!witness.runs) continue;
          const port = await masterSeenBy(witness, key);
          return this.nodes.find((node) => node.port === port);
        }
        return undefined;
      },
      { what: `the master of ${key}` },
    );
  }

  /**
   * Ends or freezes the master that holds a key, the queue's unless told otherwise, and waits until its replica has
   * taken over.
   */
  async failOver(how: 'kill' | 'freeze' = 'kill', key = QUEUE_KEY): Promise<void> {
    const old = await this.masterOf(key);
    if (how === 'kill') await old.kill();
    else old.freeze();
    const others = this.nodes.filter((node) => node !== old);
    await eventually(
      async () => {
        const seen = await Promise.all(others.map((node) => node.command((redis) => redis.cluster('INFO'))));
        const moved = await masterSeenBy(others[0] as RedisServer, key);
        return seen.every((info) => info.includes('cluster_state:ok')) && moved !== old.port;
      },
      { what: 'the replica taking over', timeoutMs: 20_000 },
    );
  }

  /** Kills every node. */
  async killAll(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
  }

  /** Starts again what does not run and waits until every slot is served and every master has its replica. */
  async startAgain(): Promise<void> {
    await Promise.all(this.nodes.filter((node) => !node.runs).map((node) => node.start()));
    await this.untilWhole();
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  /** Makes one cluster of the nodes, as `redis-cli --cluster create` does. */
  private async join(): Promise<void> {
    const [first] = this.nodes;
    const ids = await Promise.all(
      this.nodes.map((node, at) =>
        node.command(async (redis) => {
          await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', at + 1);
          if (at < MASTERS) {
            const from = Math.ceil((at * SLOTS) / MASTERS);
            await redis.call('CLUSTER', 'ADDSLOTSRANGE', from, Math.ceil(((at + 1) * SLOTS) / MASTERS) - 1);
          }
          return await redis.cluster('MYID');
        }),
      ),
    );
    await (first as RedisServer).command(async (redis) => {
      for (const node of this.nodes.slice(1)) {
        await redis.call('CLUSTER', 'MEET', '127.0.0.1', node.port, busPortOf(node));
      }
    });
    await Promise.all(
      this.nodes.slice(MASTERS).map((node, at) =>
        eventually(async () => node.command((redis) => redis.call('CLUSTER', 'REPLICATE', ids[at] ?? '')), {
          what: 'a replica knowing its master',
        }),
      ),
    );
    await this.untilWhole();
  }

  private async untilWhole(): Promise<void> {
    await eventually(
      async () => {
        const seen = await Promise.all(
          this.nodes.map((node) =>
            node.command(async (redis) => ({
              cluster: await redis.cluster('INFO'),
              replication: await redis.info('replication'),
            })),
          ),
        );
        return (
          seen.every(({ cluster }) => /cluster_state:ok[^]*cluster_known_nodes:6/.test(cluster)) &&
          seen.filter(({ replication }) => replication.includes('master_link_status:up')).length === MASTERS
        );
      },
      { what: 'the whole cluster', timeoutMs: 30_000, everyMs: 100 },
    );
  }
}

/** The port of the master that holds a key. */
function masterSeenBy(witness: RedisServer, key: string): Promise<number | undefined> {
  return witness.command(async (redis) => {
    const slot = await redis.cluster('KEYSLOT', key);
    const ranges = await redis.cluster('SLOTS');
    return ranges.find(([first, last]) => first <= slot && slot <= last)?.[2]?.[1];
  });
}

const busPorts = new WeakMap<RedisServer, number>();
const busPortOf = (node: RedisServer): number => busPorts.get(node) as number;

async function makeNode(): Promise<RedisServer> {
  const busPort = await freePort();
  const node = await RedisServer.make(
    [
      '--cluster-enabled',
      'yes',
      '--cluster-port',
      busPort,
      '--cluster-node-timeout',
      NODE_TIMEOUT_MS,
      '--cluster-replica-validity-factor',
      0,
      '--repl-diskless-sync-delay',
      0,
      '--save',
      '',
      '--appendonly',
      'no',
      '--requirepass',
      PASSWORD,
      '--masterauth',
      PASSWORD,
      '--maxmemory-policy',
      'noeviction',
    ],
    PASSWORD,
  );
  busPorts.set(node, busPort);
  return node;
}
