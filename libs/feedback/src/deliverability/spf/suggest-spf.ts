import { isIP } from 'node:net';
import type { TransportSubject } from '../check.js';
import { isNearBy } from '../dns/near-by.js';
import { includeFor } from './relay-providers.js';
import { readSpf } from './spf-record.js';
import type { SpfTree } from './spf-tree.js';

/** A record for a domain that has none. */
export function suggestedSpf(transports: readonly TransportSubject[]): string {
  const mechanisms = transports.flatMap(({ host, addresses }) => {
    if (addresses) return addresses.map(mechanismFor);
    if (isNearBy(host)) return [];
    const include = includeFor(host);
    return [include === null ? mechanismFor(host) : `include:${include}`];
  });
  return ['v=spf1', ...new Set(mechanisms.length > 0 ? mechanisms : ['mx']), '~all'].join(' ');
}

/** @param host an address or a name */
export function mechanismFor(host: string): string {
  return `${({ 0: 'a', 4: 'ip4', 6: 'ip6' } as const)[isIP(host) as 0 | 4 | 6]}:${host}`;
}

/** A record with more in it, before its `all`. */
export function withMechanisms(record: string, mechanisms: readonly string[]): string {
  if (mechanisms.length === 0) return record;
  const words = record.split(' ').filter((word) => word !== '');
  const end = words.findIndex((word) => /^(?:[-+~?]?all$|redirect=)/i.test(word));
  return words.toSpliced(end < 0 ? words.length : end, 0, ...new Set(mechanisms)).join(' ');
}

/** One record of several: all that any of them authorises. */
export function mergedSpf(records: readonly string[]): string {
  const read = records.map(readSpf);
  const words = read.flatMap(({ terms }) =>
    terms.filter(({ mechanism }) => mechanism !== 'all').map(({ text }) => text),
  );
  const redirects = read.flatMap(({ redirect }) => (redirect === null ? [] : [`include:${redirect}`]));
  return ['v=spf1', ...new Set([...words, ...redirects]), '~all'].join(' ');
}

/** A record without what is wrong in it: unknown mechanisms, and includes that lead nowhere. */
export function mendedSpf({ nodes, redirect }: SpfTree): string {
  const right = nodes.filter(
    ({ term, include, depends }) => term.mechanism !== 'include' || depends || include?.record,
  );
  return [
    'v=spf1',
    ...right.map(({ term }) => term.text),
    ...(redirect?.record ? [`redirect=${redirect.domain}`] : []),
  ].join(' ');
}

/** A record without `ptr`, and with colons where equals signs were. */
export function withoutOddities(record: string): string {
  return record
    .split(' ')
    .filter((word) => !/^[-+~?]?ptr(?::|$)/i.test(word))
    .map((word) => word.replace(/^(a|mx|ip4|ip6|include|exists)=/i, '$1:'))
    .join(' ');
}

/** A record with another `all`. */
export function withAll(record: string, old: string, all: string): string {
  return record
    .split(' ')
    .map((word) => (word === old ? all : word))
    .join(' ');
}
