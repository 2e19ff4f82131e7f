import { BlockList, isIP } from 'node:net';

/** Loopback, private and link-local: RFC 1918, RFC 4193, RFC 6598. */
const NEAR_BY = new BlockList();
NEAR_BY.addSubnet('10.0.0.0', 8);
NEAR_BY.addSubnet('100.64.0.0', 10);
NEAR_BY.addSubnet('127.0.0.0', 8);
NEAR_BY.addSubnet('169.254.0.0', 16);
NEAR_BY.addSubnet('172.16.0.0', 12);
NEAR_BY.addSubnet('192.168.0.0', 16);
NEAR_BY.addAddress('::1', 'ipv6');
NEAR_BY.addSubnet('fc00::', 7, 'ipv6');
NEAR_BY.addSubnet('fe80::', 10, 'ipv6');

const LOOPBACK = /^(?:localhost\.?|127\.[\d.]{5,11}|::1)$/i;

/** Whether a server is of this machine or network, so that nobody outside sees it: `localhost`, `postfix`, `10.0.0.5`. */
export function isNearBy(host: string): boolean {
  const kind = isIP(host);
  if (kind !== 0) return NEAR_BY.check(host, kind === 4 ? 'ipv4' : 'ipv6');
  return !host.replace(/\.$/, '').includes('.') || /\.(?:localhost|local|internal|lan)\.?$/i.test(host);
}

/** Whether a server is of this machine. */
export const isLoopback = (host: string) => LOOPBACK.test(host);
