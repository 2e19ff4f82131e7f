/** Where one Redis process listens. */
export interface RedisNode {
  host: string;
  port: number;
}

/** What a REDIS_URL says. */
export type RedisAddress = {
  tls: boolean;
  user: string | null;
  password: string | null;
} & (
  | { kind: 'single'; node: RedisNode; db: number }
  /** Some of the cluster's nodes; they name the others. */
  | { kind: 'cluster'; nodes: RedisNode[] }
  /** The sentinels, and the name they know the master by. `password` is Redis's, `sentinelPassword` theirs. */
  | { kind: 'sentinel'; nodes: RedisNode[]; master: string; db: number; sentinelPassword: string | null }
);

type Kind = RedisAddress['kind'];

const EXAMPLES: Record<Kind, string> = {
  single: 'redis://redis:6379',
  cluster: 'redis-cluster://redis-1:6379,redis-2:6379,redis-3:6379',
  sentinel: 'redis-sentinel://sentinel-1:26379,sentinel-2:26379,sentinel-3:26379/mymaster',
};
const SCHEMES = new Map<string, { kind: Kind; tls: boolean }>([
  ['redis', { kind: 'single', tls: false }],
  ['rediss', { kind: 'single', tls: true }],
  ['redis-cluster', { kind: 'cluster', tls: false }],
  ['rediss-cluster', { kind: 'cluster', tls: true }],
  ['redis-sentinel', { kind: 'sentinel', tls: false }],
  ['rediss-sentinel', { kind: 'sentinel', tls: true }],
]);
const DEFAULT_PORT: Record<Kind, number> = { single: 6379, cluster: 6379, sentinel: 26379 };

/** What is wrong with a REDIS_URL, in words that hold nothing of it: it may have a password. */
export class RedisAddressError extends Error {
  override readonly name = 'RedisAddressError';
}

/**
 * Reads `redis[s]://[user:password@]host[:port][/database]`, `redis[s]-cluster://[user:password@]host:port,…` and
 * `redis[s]-sentinel://[user:password@]host:port,…/master[?sentinel-password=…]`. The multi-host forms are no URLs by
 * the URL standard, which knows one host only.
 * @throws RedisAddressError with the problem and, where it helps, an example of that kind; never with a part of the text
 */
export function parseRedisAddress(text: string): RedisAddress {
  const [, scheme = '', login, hosts = '', path = '', query] =
    /^([a-z-]+):\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/i.exec(text) ?? [];
  const found = SCHEMES.get(scheme.toLowerCase());
  if (!found) {
    throw new RedisAddressError(
      'must be a URL that starts with redis://, redis-cluster:// or redis-sentinel:// (over TLS rediss://, rediss-cluster:// or rediss-sentinel://)',
    );
  }
  const { kind, tls } = found;
  const fail = (problem: string) => new RedisAddressError(`${problem}, as in ${EXAMPLES[kind]}`);
  const nodes = hosts.split(',').map((one) => nodeOf(one, DEFAULT_PORT[kind], fail));
  const options = new URLSearchParams(query);
  const sentinelPassword = options.get('sentinel-password');
  options.delete('sentinel-password');
  if (options.size > 0 || (sentinelPassword !== null && kind !== 'sentinel')) {
    throw fail('has an option after the ? that is not known');
  }
  const common = { tls, ...loginOf(login) };
  switch (kind) {
    case 'single': {
      const [node] = nodes;
      if (!node || nodes.length > 1) throw fail('must name one server; several are a redis-cluster://');
      return { ...common, kind, node, db: databaseOf(path, fail) };
    }
    case 'cluster':
      if (path !== '') throw fail('must have nothing after the servers, for a cluster has no databases');
      return { ...common, kind, nodes };
    case 'sentinel': {
      const [master = '', db = '', ...rest] = path.split('/');
      if (!/^[\w.-]+$/.test(master)) {
        throw fail('must end with a slash and the name that the sentinels know the master by');
      }
      if (rest.length > 0) throw fail('has too much behind the name of the master');
      return { ...common, kind, nodes, master, db: databaseOf(db, fail), sentinelPassword };
    }
  }
}

function nodeOf(text: string, defaultPort: number, fail: (problem: string) => Error): RedisNode {
  const [, six, name, digits] = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(text.trim()) ?? [];
  const host = six ?? name;
  if (host === undefined) throw fail('must name each server as host:port, with commas between them');
  const port = Number(digits ?? defaultPort);
  if (port < 1 || port > 65_535) throw fail('has a port that is not from 1 to 65535');
  return { host, port };
}

function databaseOf(path: string, fail: (problem: string) => Error): number {
  if (path === '') return 0;
  if (!/^\d{1,5}$/.test(path)) throw fail('has a database that is not a whole number');
  return Number(path);
}

/** As in any URL: `user:password`, `:password` or `user`, with what has a meaning in URLs written as %XX. */
function loginOf(login: string | undefined): { user: string | null; password: string | null } {
  const [, user = '', password = ''] = /^([^:]*):?(.*)$/s.exec(login ?? '') ?? [];
  try {
    return { user: decodeURIComponent(user) || null, password: decodeURIComponent(password) || null };
  } catch {
    throw new RedisAddressError(
      'has a % in its user or password that is not followed by two hexadecimal digits: write % as %25, @ as %40, / as %2F',
    );
  }
}
