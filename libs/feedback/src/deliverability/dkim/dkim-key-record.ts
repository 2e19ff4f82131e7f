import { createPublicKey } from 'node:crypto';
import { readTags } from '../dns/tag-list.js';

/** A key as it stands in DNS (RFC 6376 §3.6.1). */
export interface DkimKeyRecord {
  /** `rsa` by default. */
  type: string;
  /** Without blanks; '' says that the key is revoked. */
  key: string;
  /** null: any. */
  hashes: string[] | null;
  services: string[];
  isTesting: boolean;
  /** `t=s`: the address in `i=` may be of no subdomain. */
  isStrict: boolean;
}

const ED25519_OCTETS = 32;

/** @returns what is wrong, in words, where no verifier would take it for a key */
export function readDkimKey(text: string): DkimKeyRecord | string {
  const { tags } = readTags(text);
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v')) {
    return 'its v= is not DKIM1, or does not stand first';
  }
  const key = tags.get('p');
  if (key === undefined) return 'it has no p=';
  const list = (name: string) =>
    tags
      .get(name)
      ?.split(':')
      .map((one) => one.trim().toLowerCase());
  const flags = list('t') ?? [];
  return {
    type: (tags.get('k') ?? 'rsa').toLowerCase(),
    key: key.replace(/\s/g, ''),
    hashes: list('h') ?? null,
    services: list('s') ?? ['*'],
    isTesting: flags.includes('y'),
    isStrict: flags.includes('s'),
  };
}

/** What a base64 key is: RFC 8463 §4 has Ed25519 bare, RFC 6376 RSA in DER (as SubjectPublicKeyInfo, or PKCS #1). */
export function kindOfKey(base64: string): { type: 'rsa' | 'ed25519'; bits: number } | null {
  const octets = Buffer.from(base64, 'base64');
  if (octets.length === ED25519_OCTETS) return { type: 'ed25519', bits: 256 };
  for (const type of ['spki', 'pkcs1'] as const) {
    try {
      const { asymmetricKeyDetails } = createPublicKey({ key: octets, format: 'der', type });
      return { type: 'rsa', bits: asymmetricKeyDetails?.modulusLength ?? 0 };
    } catch {
      // It is of the other kind, or none.
    }
  }
  return null;
}

/** Whether two are the same key, in whatever base64. */
export function isSameKey(one: string, other: string): boolean {
  return Buffer.from(one, 'base64').equals(Buffer.from(other, 'base64'));
}
