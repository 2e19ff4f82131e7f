import { isIPv4, isIPv6 } from 'node:net';

/** An IPv6 host has at least 64 bits to itself (RFC 6177), so one address of it says nothing. */
const IPV6_NETWORK_GROUPS = 4;

/** The groups of an IPv6 address, written out: `::1` has eight. */
function groupsOf(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = !tail ? [] : tail.split(':');
  const zeros =
    tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''));
}

/** What a rate limit counts a client by: its IPv4 address, or the /64 network of its IPv6 address. */
export function clientKey(ip: string | undefined): string {
  const [address = ''] = (ip ?? '').split('%', 1);
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped && isIPv4(mapped)) return mapped;
  if (!isIPv6(address)) return address || 'unknown';
  return `${groupsOf(address).slice(0, IPV6_NETWORK_GROUPS).join(':')}::/64`;
}
