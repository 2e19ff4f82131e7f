import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto';

/** What an authenticator says of itself: flags of its data (WebAuthn §6.1). */
const [PRESENT, VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest();
const base64url = (data: Buffer) => data.toString('base64url');

/** CBOR (RFC 8949) of a byte string, long enough for keys and data. */
function cborBytes(data: Buffer): Buffer {
  return data.length < 256
    ? Buffer.concat([Buffer.from([0x58, data.length]), data])
    : Buffer.concat([Buffer.from([0x59, data.length >> 8, data.length & 0xff]), data]);
}
const cborText = (text: string) => Buffer.concat([Buffer.from([0x60 + text.length]), Buffer.from(text)]);

export interface Lies {
  origin?: string;
  userVerified?: boolean;
  counter?: number;
}

/** A passkey in software: what a browser would give, and what it never would. */
export class SoftPasskey {
  private readonly id = randomBytes(16);
  private readonly key: KeyObject;
  private readonly x: Buffer;
  private readonly y: Buffer;
  private counter = 0;

  constructor(private readonly site: string) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
    this.key = privateKey;
    [this.x, this.y] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  }

  /** RegistrationResponseJSON. */
  register(challenge: string, lies: Lies = {}) {
    // COSE_Key of ES256 (RFC 9053 §7.1.1): kty 2, alg -7, crv 1, x, y
    const cose = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      cborBytes(this.x),
      Buffer.from([0x22]),
      cborBytes(this.y),
    ]);
    const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, this.id.length]), this.id, cose]);
    const data = Buffer.concat([this.data(lies, ATTESTED), attested]);
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      ...[cborText('fmt'), cborText('none'), cborText('attStmt'), Buffer.from([0xa0])],
      ...[cborText('authData'), cborBytes(data)],
    ]);
    return this.credential({
      clientDataJSON: base64url(this.client('webauthn.create', challenge, lies)),
      attestationObject: base64url(attestation),
    });
  }

  /** AuthenticationResponseJSON. */
  prove(challenge: string, lies: Lies = {}) {
    this.counter += 1;
    const [data, client] = [this.data(lies), this.client('webauthn.get', challenge, lies)];
    const signature = sign('sha256', Buffer.concat([data, sha256(client)]), this.key);
    return this.credential({
      clientDataJSON: base64url(client),
      authenticatorData: base64url(data),
      signature: base64url(signature),
    });
  }

  private credential<Response extends object>(response: Response) {
    const id = base64url(this.id);
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response };
  }

  private data({ userVerified = true, counter = this.counter }: Lies, more = 0): Buffer {
    const head = Buffer.alloc(5);
    head[0] = PRESENT | (userVerified ? VERIFIED : 0) | more;
    head.writeUInt32BE(counter, 1);
    return Buffer.concat([sha256(new URL(this.site).hostname), head]);
  }

  private client(type: string, challenge: string, { origin = new URL(this.site).origin }: Lies): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}
