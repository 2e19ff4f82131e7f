import { Resolver as NodeResolver } from 'node:dns/promises';
import { reverseName } from './names.js';
import { DnsFailure, type Resolver } from './resolver.js';

export interface ResolverSettings {
  /** `192.0.2.53` or `[2001:db8::53]:5353`; none: the machine's own. */
  servers?: readonly string[];
  /** Of the first try for one question; c-ares doubles it with each. Milliseconds. */
  timeoutMs?: number;
  tries?: number;
}

/** A resolver that is near answers in milliseconds, a domain's own slow server within two seconds. */
const TIMEOUT_MS = 2_500;
const TRIES = 2;
/** There is no such name, or nothing of this type, or it can be no name at all. */
const EMPTY = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Asks the name servers of the machine, or those that are set. */
export function nodeResolver(settings: ResolverSettings = {}): Resolver {
  const { servers = [], timeoutMs = TIMEOUT_MS, tries = TRIES } = settings;
  const resolver = new NodeResolver({ timeout: timeoutMs, tries });
  if (servers.length > 0) resolver.setServers(servers);
  return {
    txt: (name) =>
      answer('TXT', name, async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    a: (name) => answer('A', name, () => resolver.resolve4(name)),
    aaaa: (name) => answer('AAAA', name, () => resolver.resolve6(name)),
    mx: (name) =>
      answer('MX', name, async () =>
        (await resolver.resolveMx(name))
          .map(({ exchange, priority }) => ({ exchange: bare(exchange), preference: priority }))
          .sort((one, other) => one.preference - other.preference),
      ),
    // Not reverse(): it reads /etc/hosts, and tells a server that fails as a name that is not there.
    ptr: (address) =>
      answer('PTR', address, async () => (await resolver.resolvePtr(reverseName(address))).map(bare)),
  };
}

const bare = (name: string) => name.replace(/\.$/, '').toLowerCase();

async function answer<T>(type: string, name: string, ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return await ask();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EUNKNOWN';
    if (EMPTY.has(code)) return [];
    throw new DnsFailure(`${type} ${name}`, code, { cause: error });
  }
}
