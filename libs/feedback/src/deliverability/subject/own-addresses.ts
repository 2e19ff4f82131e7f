import { networkInterfaces } from 'node:os';
import { isLoopback, isNearBy } from '../dns/near-by.js';

type Interfaces = Record<string, { address: string; internal: boolean }[] | undefined>;

/** The public addresses of this machine; behind NAT it has none. */
export function publicAddresses(interfaces: Interfaces = networkInterfaces()): string[] {
  return Object.values(interfaces)
    .flatMap((some) => some ?? [])
    .filter(({ internal, address }) => !internal && !isNearBy(address))
    .map(({ address }) => address)
    .sort();
}

/**
 * From which addresses a mail server sends on.
 * @param ours those of this machine
 * @returns null where that cannot be known: of a provider's relay, and of a server of ours behind NAT
 */
export function sendingAddresses(host: string, ours: readonly string[]): string[] | null {
  if (isLoopback(host)) return ours.length > 0 ? [...ours] : null;
  return ours.includes(host) ? [host] : null;
}
