import type { Check } from '../check.js';
import { reversed, reverseName, sameSpelling } from '../dns/names.js';
import { addressesOf, type Resolver } from '../dns/resolver.js';

/** A name is asked back; an address with more names than this is no mail server's. */
const MAX_NAMES = 10;

/**
 * Whether an address that we send from has a name that leads back to it.
 * @param host what the server calls itself, which is the name to give to the address
 * @throws DnsFailure
 */
export async function checkPtr(address: string, host: string, resolver: Resolver): Promise<Check> {
  const names = (await resolver.ptr(address)).sort();
  const type = address.includes(':') ? 'AAAA' : 'A';
  const back = await Promise.all(
    names.slice(0, MAX_NAMES).map(async (name) => ({
      name,
      isConfirmed: (await addressesOf(resolver, name)).some(
        (one) => sameSpelling(one) === sameSpelling(address),
      ),
    })),
  );
  const confirmed = back.find(({ isConfirmed }) => isConfirmed)?.name;
  const reverse = (name: string) => `${reverseName(address)}. IN PTR ${name}.`;
  const line = { check: 'ptr', about: address, found: names.join(', ') || 'no name' } as const;
  if (confirmed === undefined) {
    const [name = host] = names;
    return {
      ...line,
      state: 'fail',
      publish:
        names.length === 0
          ? `${reverse(host)}\n${host}. IN ${type} ${address}`
          : `${name}. IN ${type} ${address}`,
      why:
        names.length === 0
          ? 'Gmail and others refuse mail from an address without a name: who owns the address sets it.'
          : 'The name does not lead back to the address, so receivers take it for made up.',
    };
  }
  return isGeneric(confirmed, address)
    ? {
        ...line,
        state: 'warn',
        publish: reverse(host),
        why: 'The name is made of the address, as those of home connections are, which many receivers refuse.',
      }
    : {
        ...line,
        state: 'ok',
        publish: reverse(confirmed),
        why: 'The address has a name, and the name leads back to it.',
      };
}

/** `203-0-113-5.dynamic.example.net` and the like. */
function isGeneric(name: string, address: string): boolean {
  if (address.includes(':')) return false;
  const orders = [address, reversed(address)].map((one) => one.split('.'));
  return orders.some((octets) => ['-', '.', '_'].some((sign) => name.includes(octets.join(sign))));
}
