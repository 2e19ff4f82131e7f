import type { DkimAlgorithm } from './dkim-signer.js';
import { recordName } from './dkim-names.js';

/** RFC 1035 §3.3: what one string of a TXT record holds at most. */
const STRING_OCTETS = 255;

export interface DnsRecord {
  /** `sel._domainkey.example.org` */
  name: string;
  type: 'TXT';
  /** The whole text, as most providers' forms take it. */
  value: string;
  /** A line for a zone file, the text cut into strings that DNS can hold. */
  zoneFile: string;
}

/**
 * What is to stand in DNS for a key (RFC 6376 §3.6.1, RFC 8463 §4).
 * @param key `publicKey` in base64: for RSA a SubjectPublicKeyInfo in DER, for Ed25519 the bare 32 octets
 */
export function dnsRecord(key: {
  domain: string;
  selector: string;
  algorithm: DkimAlgorithm;
  publicKey: string;
}): DnsRecord {
  const name = recordName(key.selector, key.domain);
  const value = `v=DKIM1; k=${key.algorithm === 'rsa-sha256' ? 'rsa' : 'ed25519'}; p=${key.publicKey}`;
  const strings = value.match(new RegExp(`.{1,${STRING_OCTETS}}`, 'g')) ?? [];
  const zoneFile = `${name}. IN TXT ( ${strings.map((string) => `"${string}"`).join(' ')} )`;
  return { name, type: 'TXT', value, zoneFile };
}
