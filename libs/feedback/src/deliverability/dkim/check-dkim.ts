import { recordName } from '#delivery/dkim/dkim-names.js';
import { dnsRecord } from '#delivery/dkim/dkim-record.js';
import type { Check, DeliverabilitySubject } from '../check.js';
import { asciiDomain } from '../dns/names.js';
import type { Resolver } from '../dns/resolver.js';
import { isSameKey, kindOfKey, readDkimKey, type DkimKeyRecord } from './dkim-key-record.js';

type SigningKey = DeliverabilitySubject['dkim'][number];
type Judgement = Pick<Check, 'state' | 'why'>;

/** RFC 8301 §3.2: verifiers take nothing below for valid, and signers should use 2048. */
const LEAST_BITS = 1024;
const GOOD_BITS = 2048;

/**
 * Whether the key that we sign with stands in DNS as it is (RFC 6376 §3.6, RFC 8463).
 * @throws DnsFailure
 */
export async function checkDkimKey(signing: SigningKey, resolver: Resolver): Promise<Check> {
  const key = { ...signing, domain: asciiDomain(signing.domain) };
  const about = recordName(key.selector, key.domain);
  const records = (await resolver.txt(about)).sort();
  const algorithm = kindOfKey(key.publicKey)?.type === 'ed25519' ? 'ed25519-sha256' : 'rsa-sha256';
  return {
    check: 'dkim',
    about,
    found: records.join(' | ') || 'no record',
    publish: dnsRecord({ ...key, algorithm }).zoneFile,
    ...judge(records, key),
  };
}

function judge(records: readonly string[], { publicKey }: SigningKey): Judgement {
  const [text] = records;
  if (text === undefined) {
    return { state: 'fail', why: 'Receivers find no key for our signature, so it counts as none.' };
  }
  if (records.length > 1) {
    return {
      state: 'fail',
      why: 'There are several records, and which of them a receiver takes is left to chance.',
    };
  }
  const record = readDkimKey(text);
  if (typeof record === 'string')
    return { state: 'fail', why: `Receivers do not read this record: ${record}.` };
  const fault = FAULTS.find(([isFaulty]) => isFaulty(record, publicKey));
  return fault
    ? { state: fault[1], why: fault[2] }
    : { state: 'ok', why: 'The key that we sign with is published.' };
}

/** From the worst: the first that is true counts. */
const FAULTS: [(record: DkimKeyRecord, publicKey: string) => boolean, 'fail' | 'warn', string][] = [
  [({ key }) => key === '', 'fail', 'The key is revoked (p= is empty), so every signature with it is void.'],
  [
    ({ key }, publicKey) => !isSameKey(key, publicKey),
    'fail',
    'The published key is another than the one that we sign with, so every signature is void.',
  ],
  [
    ({ type }, publicKey) => type !== kindOfKey(publicKey)?.type,
    'fail',
    'The record says that the key is of another kind (k=) than it is.',
  ],
  [
    ({ hashes }) => hashes !== null && !hashes.includes('sha256'),
    'fail',
    'The record does not allow SHA-256 (h=), which is what we sign with.',
  ],
  [
    ({ services }) => !services.includes('*') && !services.includes('email'),
    'fail',
    'The record does not allow the key for mail (s=).',
  ],
  [
    ({ type }, publicKey) => type === 'rsa' && bitsOf(publicKey) < LEAST_BITS,
    'fail',
    'The key is shorter than 1,024 bits, and receivers take no such signature.',
  ],
  [
    ({ isTesting }) => isTesting,
    'warn',
    'The record says that signing is only tested (t=y), so receivers may treat signed mail as unsigned.',
  ],
  [
    ({ type }, publicKey) => type === 'rsa' && bitsOf(publicKey) < GOOD_BITS,
    'warn',
    'The key is shorter than 2,048 bits, which is what receivers ask for today: make a new one.',
  ],
];

const bitsOf = (publicKey: string) => kindOfKey(publicKey)?.bits ?? 0;
