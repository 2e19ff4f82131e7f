import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { DomainError } from '#kernel/errors/errors.js';
import type { DkimAlgorithm } from './dkim-signer.js';

const generate = promisify(generateKeyPair);

/** RFC 8301 §3.2: signers should use 2048 bits, and a key of that size still fits DNS over UDP. */
const RSA_BITS = 2048;
/** RFC 8301 §3.2: verifiers must not take less, and need not take more. */
const RSA_LEAST_BITS = 1024;
const RSA_MOST_BITS = 4096;
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

/**
 * Reads a private key that somebody has: PKCS #8 or PKCS #1, PEM.
 * @throws DomainError `invalid_input` saying what it must be instead, and nothing of what it is
 */
export function parseDkimKey(pem: string): DkimKeyPair {
  const privateKey = readPem(pem);
  const type = privateKey.asymmetricKeyType;
  if (type === 'ed25519') {
    return { algorithm: 'ed25519-sha256', privateKey, publicKey: publicKeyOf(privateKey) };
  }
  if (type !== 'rsa')
    throw unusable(`A DKIM key is RSA or Ed25519; this one is ${type ?? 'of no known kind'}.`);
  const bits = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < RSA_LEAST_BITS) {
    throw unusable(`The RSA key has ${bits} bits; receivers take none under 1024. Make one of 2048.`);
  }
  if (bits > RSA_MOST_BITS) {
    throw unusable(`The RSA key has ${bits} bits; many receivers take none over 4096. Make one of 2048.`);
  }
  return { algorithm: 'rsa-sha256', privateKey, publicKey: publicKeyOf(privateKey) };
}

/** The private key as it is kept: PKCS #8, PEM. To be sealed at once. */
export function privateKeyPem({ privateKey }: Pick<DkimKeyPair, 'privateKey'>): string {
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function readPem(pem: string): KeyObject {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)) {
    throw unusable(
      'The private key is protected by a passphrase. Give it without one: openssl pkey -in KEY -out PLAIN.',
    );
  }
  if (/-----BEGIN (?:(?:RSA )?PUBLIC KEY|CERTIFICATE)-----/.test(pem) && !pem.includes('PRIVATE KEY')) {
    throw unusable('This is a public key or a certificate. The private key is needed.');
  }
  try {
    return createPrivateKey(pem);
  } catch {
    throw unusable(
      'The private key must be in PEM form: it begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----.',
    );
  }
}

function publicKeyOf(privateKey: KeyObject): string {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  // RFC 8463 §4: an Ed25519 key stands in DNS bare, without what X.509 puts around it.
  const bare = privateKey.asymmetricKeyType === 'ed25519' ? spki.subarray(-ED25519_OCTETS) : spki;
  return bare.toString('base64');
}

function unusable(message: string): DomainError {
  const errors = [{ field: 'privateKey', code: 'invalid', message }];
  return new DomainError('invalid_input', message, { errors });
}
