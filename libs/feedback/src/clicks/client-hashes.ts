import { createHmac, randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';

const DAY_MS = 86_400_000;
/** 72 bits: two of a million clients are alike once in nine thousand years of such days. */
const HASH_BYTES = 9;

/** Who asks, for as long as one wants to know whether it is the same one: nothing of them can be found from it. */
export interface ClientHashes {
  /** Of address and user agent. */
  client: string;
  /** Of the network of the address: /24 of IPv4, /48 of IPv6. A gateway's machines are in one. */
  network: string;
}

/**
 * Makes hashes of clients under a key that is drawn at random, is nowhere but in the memory of this process, and is thrown away at
 * the end of the day (UTC).
 */
export class ClientHasher {
  private key = randomBytes(32);
  private day = NaN;

  /** @param onNewDay called when all hashes become others */
  constructor(private readonly onNewDay: () => void = () => undefined) {}

  /** @param now milliseconds */
  of(ip: string, userAgent: string, now: number): ClientHashes {
    const day = Math.floor(now / DAY_MS);
    if (day !== this.day) {
      this.key = randomBytes(32);
      this.day = day;
      this.onNewDay();
    }
    return {
      client: this.hash(`client\0${ip}\0${userAgent}`),
      network: this.hash(`network\0${networkOf(ip)}`),
    };
  }

  private hash(text: string): string {
    return createHmac('sha256', this.key).update(text).digest().toString('base64', 0, HASH_BYTES);
  }
}

/** The /24 of an IPv4 address, also of one that is written as IPv6; the /48 of an IPv6 address. */
export function networkOf(ip: string): string {
  const [address = ''] = ip.split('%', 1);
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address)?.[1];
  if (v4) return `${v4}.0/24`;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail ? tail.split(':') : [];
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].map((group) =>
    group.toLowerCase().replace(/^0{1,3}(?=.)/, ''),
  );
  return `${groups.slice(0, 3).join(':')}::/48`;
}
