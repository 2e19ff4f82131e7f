import { createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { DkimAlgorithm } from './dkim-signer.js';

const generate = promisify(generateKeyPair);

/** RFC 8301 §3.2: signers should use 2048 bits, and a key of that size still fits DNS over UDP. */
const RSA_BITS = 2048;
const ED25519_OCTETS = 32;

/** A pair for DKIM. */
export interface DkimKeyPair {
  algorithm: DkimAlgorithm;
  privateKey: KeyObject;
  /** As it stands in DNS, base64. */
  publicKey: string;
}

/** Makes a key. RSA of 2048 bits takes some tenths of a second, off the main thread. */
export async function generateDkimKey(algorithm: DkimAlgorithm = 'rsa-sha256'): Promise<DkimKeyPair> {
  const { privateKey } =
    algorithm === 'rsa-sha256'
      ? await generate('rsa', { modulusLength: RSA_BITS })
      : await generate('ed25519', {});
  return { algorithm, privateKey, publicKey: publicKeyOf(privateKey) };
}

/** The private key as it is kept: PKCS #8, PEM. To be sealed at once. */
export function privateKeyPem({ privateKey }: Pick<DkimKeyPair, 'privateKey'>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half as it stands in DNS, base64. */
export function publicKeyOf(privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8463 §4: an Ed25519 key stands in DNS bare, without what X.509 puts around it.
  const bare = privateKey.asymmetricKeyType === 'ed25519' ? spki.subarray(-ED25519_OCTETS) : spki;
  return bare.toString('base64');
}
