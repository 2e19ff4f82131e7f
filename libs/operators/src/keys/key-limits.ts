import { BlockList, isIPv6 } from 'node:net';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { Database } from '#database/database.js';
import { RateCounter } from '#database/rate-limit.js';

const WINDOW_S = 60;
/** More processes a minute than that no installation answers; it is no limit any more. */
export const MOST_A_MINUTE = 100_000;

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4');

/** A network in CIDR notation, or one address. */
export const network = z
  .string()
  .trim()
  .max(60)
  .refine((text) => listOf([text]) !== undefined, {
    error: 'Give an address or a network, such as 192.0.2.0/24 or 2001:db8::/32.',
    params: { code: 'network' },
  });

/** @returns undefined when one of them is no network */
function listOf(networks: readonly string[]): BlockList | undefined {
  const list = new BlockList();
  try {
    for (const text of networks) {
      const [address = '', bits, ...more] = text.split('/');
      if (more.length > 0 || (bits !== undefined && !/^\d{1,3}$/.test(bits))) return undefined;
      if (bits === undefined) list.addAddress(address, familyOf(address));
      else list.addSubnet(address, Number(bits), familyOf(address));
    }
    return list;
  } catch {
    return undefined; // Node's word for an address or a length that is none
  }
}

/** Whether an address lies in one of the networks. None given: it may be any. An IPv4 address in an IPv6 one is that IPv4 address. */
export function isWithin(networks: readonly string[] | null, ip: string | undefined): boolean {
  if (networks === null) return true;
  if (ip === undefined) return false;
  const [address = ''] = ip.split('%', 1);
  try {
    return listOf(networks)?.check(address, familyOf(address)) ?? false;
  } catch {
    return false;
  }
}

/** Counts the requests of keys that have a limit, for all processes together. */
@Injectable()
export class KeyRates {
  private readonly counters = new Map<number, RateCounter>();

  constructor(private readonly database: Database) {}

  /** @throws DomainError `rate_limited` */
  async take(keyId: string, perMinute: number): Promise<void> {
    let counter = this.counters.get(perMinute);
    if (!counter) {
      counter = new RateCounter(this.database, { name: 'api-key', points: perMinute, windowS: WINDOW_S });
      this.counters.set(perMinute, counter);
    }
    await counter.take([keyId], `This key may make ${perMinute} requests a minute; wait a little.`);
  }
}
