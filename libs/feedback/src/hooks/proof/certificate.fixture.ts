import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** Certificates (RFC 5280) made on the spot, so that no private key lies in the repository. */
export interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}
export const rsaKeys = (): Keys => generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface CertificateWish {
  name: string;
  keys: Keys;
  /** Who signs it; itself, if nobody. */
  by?: { name: string; keys: Keys };
  isAuthority?: boolean;
  from?: Date;
  to?: Date;
}

const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';

function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}
const sequence = (...content: Buffer[]) => der(0x30, ...content);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const algorithm = () => sequence(oid(SHA256_WITH_RSA), der(0x05));
const nameOf = (name: string) =>
  sequence(der(0x31, sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(name)))));
/** UTCTime until 2049, GeneralizedTime from 2050 (§4.1.2.5). */
function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return at.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : der(0x18, Buffer.from(`${digits}Z`));
}

/** @returns the certificate, in PEM */
export function certificateOf({ name, keys, by, isAuthority = false, from, to }: CertificateWish): string {
  const issuer = by ?? { name, keys };
  const constraints = sequence(
    oid(BASIC_CONSTRAINTS),
    der(0x01, Buffer.from([0xff])),
    der(0x04, isAuthority ? sequence(der(0x01, Buffer.from([0xff]))) : sequence()),
  );
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm(),
    nameOf(issuer.name),
    sequence(time(from ?? new Date('2020-01-01')), time(to ?? new Date('2120-01-01'))),
    nameOf(name),
    keys.publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, sequence(constraints)),
  );
  const signature = sign('sha256', toBeSigned, issuer.keys.privateKey);
  const whole = sequence(toBeSigned, algorithm(), der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
