import { Cluster, Redis, type ClusterNode, type ClusterOptions, type RedisOptions } from 'ioredis';
import { parseRedisAddress, type RedisAddress } from '#kernel/config/redis-address.js';

/** A connection to one server (that sentinels may name), or to all nodes of a cluster. */
export type RedisClient = Redis | Cluster;

/** Tries to connect again for ever: seldom enough not to burden what is down, often enough to be there soon. */
const retryAfterMs = (times: number): number => Math.min(times * 200, 2_000);
/** How often a command whose node is gone, or being replaced, asks the others where its keys are now. */
const ASK_AGAIN_MS = 200;
/**
 * How often the layout of a cluster is read without a reason. A node that hangs breaks no connection; once the cluster
 * has replaced it, this is how its clients learn to turn away from it.
 */
const LOOK_ROUND_MS = 5_000;

/**
 * A connection that owes an answer for so long is broken off and made anew, to whoever is the master by then. Longer
 * than BullMQ ever lets Redis hold back an answer, which is 10 s.
 */
const SILENCE_MS = 12_000;

export interface RedisManner {
  /**
   * Unset: commands wait until the store is back, however long, as BullMQ demands. Set: they fail within about so many
   * milliseconds, at once while there is no connection.
   */
  giveUpAfterMs?: number;
  /** Connects at the first command or `connect()`, not now. */
  lazyConnect?: boolean;
}

/**
 * Connects to what REDIS_URL says: a server, a Redis Cluster, or the master that sentinels name.
 * The caller listens to `error` and calls `disconnect()`.
 * @throws RedisAddressError when the URL is none of these
 */
export function connectRedis(url: string, manner: RedisManner = {}): RedisClient {
  const address = parseRedisAddress(url);
  return address.kind === 'cluster' ? openCluster(address, manner) : openServer(address, manner);
}

/** What holds for a connection to one process, be it alone or in a cluster. */
function common({ tls, user, password }: RedisAddress, { giveUpAfterMs }: RedisManner): RedisOptions {
  return {
    ...(user === null ? {} : { username: user }),
    ...(password === null ? {} : { password }),
    ...(tls ? { tls: {} } : {}),
    ...(giveUpAfterMs === undefined
      ? { maxRetriesPerRequest: null, socketTimeout: SILENCE_MS }
      : { maxRetriesPerRequest: 1, commandTimeout: giveUpAfterMs, connectTimeout: giveUpAfterMs }),
  };
}

function openServer(address: Exclude<RedisAddress, { kind: 'cluster' }>, manner: RedisManner): Redis {
  return new Redis({
    ...common(address, manner),
    ...(address.kind === 'single' ? address.node : sentinelsOf(address)),
    db: address.db,
    lazyConnect: manner.lazyConnect ?? false,
    enableOfflineQueue: manner.giveUpAfterMs === undefined,
    retryStrategy: retryAfterMs,
    // Said by a master that has become a replica: connect again, to the new master, and send the command there.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? 2 : false),
  });
}

function sentinelsOf(address: Extract<RedisAddress, { kind: 'sentinel' }>): RedisOptions {
  return {
    sentinels: address.nodes,
    name: address.master,
    ...(address.sentinelPassword === null ? {} : { sentinelPassword: address.sentinelPassword }),
    ...(address.tls ? { sentinelTLS: {}, enableTLSForSentinelMode: true } : {}),
    // Not `failoverDetector`: news of a new master while ioredis connects would end the connection for good.
  };
}

function openCluster(address: Extract<RedisAddress, { kind: 'cluster' }>, manner: RedisManner): Cluster {
  const nodes: ClusterNode[] = address.nodes;
  const options: ClusterOptions = {
    redisOptions: common(address, manner),
    lazyConnect: manner.lazyConnect ?? false,
    clusterRetryStrategy: retryAfterMs,
    slotsRefreshInterval: LOOK_ROUND_MS,
    retryDelayOnFailover: ASK_AGAIN_MS,
    retryDelayOnClusterDown: ASK_AGAIN_MS,
    // Certificates are made out to names, so names are not turned into addresses.
    ...(address.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
    ...(manner.giveUpAfterMs === undefined
      ? {
          maxRedirections: Number.MAX_SAFE_INTEGER,
          retryDelayOnMoved: 20, // lest two nodes that name each other be asked without a pause
        }
      : {
          maxRedirections: Math.max(1, Math.floor(manner.giveUpAfterMs / ASK_AGAIN_MS)),
          enableOfflineQueue: false,
        }),
  };
  return new Cluster(nodes, options);
}
