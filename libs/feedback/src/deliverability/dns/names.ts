import { isIPv4 } from 'node:net';
import { domainToASCII } from 'node:url';

/** RFC 1035 §2.3.4: what one string of a TXT record holds at most. */
const STRING_OCTETS = 255;

/** A domain as DNS has it: punycode, lower case, without the dot of the root. */
export function asciiDomain(domain: string): string {
  const bare = domain.trim().replace(/\.$/, '').toLowerCase();
  return domainToASCII(bare) || bare;
}

/** Whether a name is another or lies below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** A TXT record as a zone file has it, its text cut into strings that DNS can hold. */
export function txtRecord(name: string, text: string): string {
  const escaped = text.replace(/["\\]/g, '\\$&');
  if (escaped.length <= STRING_OCTETS) return `${name}. IN TXT "${escaped}"`;
  const strings = text.match(new RegExp(`.{1,${STRING_OCTETS}}`, 'gs')) ?? [];
  return `${name}. IN TXT ( ${strings.map((one) => `"${one.replace(/["\\]/g, '\\$&')}"`).join(' ')} )`;
}

/** An address as it is asked for backwards, without the domain (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reversed(address: string): string {
  return isIPv4(address)
    ? address.split('.').reverse().join('.')
    : Array.from(hexOf(address)).reverse().join('.');
}

/** Where the name of an address stands. */
export function reverseName(address: string): string {
  return `${reversed(address)}.${isIPv4(address) ? 'in-addr' : 'ip6'}.arpa`;
}

/** An address in one spelling: those of IPv6 have many. */
export function sameSpelling(address: string): string {
  return isIPv4(address) ? address : hexOf(address);
}

/** The 32 digits of an IPv6 address. */
function hexOf(address: string): string {
  const [plain = ''] = address.split('%');
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(plain);
  const groups = dotted
    ? `${dotted[1] ?? ''}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`
    : plain;
  const [head = '', tail] = groups.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].map((group) => group.toLowerCase().padStart(4, '0')).join('');
}

const pair = (high = '0', low = '0') => (Number(high) * 256 + Number(low)).toString(16);
