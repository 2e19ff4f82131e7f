import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';

/** Bytes of a key id. Four are enough to tell a handful of secrets apart; it is a hint, not a proof. */
export const KEY_ID_BYTES = 4;
const IV_BYTES = 12;
const TAG_BYTES = 16;

interface Secret {
  id: Buffer;
  /** The id in hex. */
  name: string;
  material: Buffer;
}

/**
 * The application's secrets. The first signs and encrypts; all of them verify and decrypt, so a secret is rotated by
 * putting the new one in front: `APP_SECRET=new,old`.
 */
export class Keyring {
  private readonly secrets: Secret[];
  private readonly derived = new Map<string, Buffer>();

  /** @param secrets newest first; each at least 32 characters (checked by the configuration) */
  constructor(secrets: readonly string[]) {
    if (secrets.length === 0) throw new Error('A keyring needs at least one secret.');
    this.secrets = secrets.map((secret) => {
      const material = Buffer.from(secret, 'utf8');
      const hash = createHash('sha256').update('broadsheet key id\0').update(material).digest();
      const id = hash.subarray(0, KEY_ID_BYTES);
      return { id, name: id.toString('hex'), material };
    });
  }

  /** The id of the secret that signs now. */
  get currentKeyId(): Buffer {
    return (this.secrets[0] as Secret).id;
  }

  /**
   * A 32-byte key for one purpose, derived by HKDF-SHA256 (RFC 5869).
   * @returns undefined when no secret has that id
   */
  key(purpose: string, keyId: Buffer = this.currentKeyId): Buffer | undefined {
    const secret = this.secrets.find((candidate) => candidate.id.equals(keyId));
    if (!secret) return undefined;
    const name = `${secret.name} ${purpose}`;
    let key = this.derived.get(name);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', secret.material, 'broadsheet', purpose, 32));
      this.derived.set(name, key);
    }
    return key;
  }

  /** The keys for one purpose, one of each secret, newest first: for what says no key id. */
  keys(purpose: string): Buffer[] {
    return this.secrets.map(({ id }) => this.key(purpose, id) as Buffer);
  }

  /** Encrypts with AES-256-GCM under the current secret; the purpose is bound in. */
  encrypt(purpose: string, plain: Buffer): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key(`encrypt ${purpose}`) as Buffer, iv);
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([this.currentKeyId, iv, cipher.getAuthTag(), body]);
  }

  /**
   * The inverse of {@link encrypt}, under whichever secret it was made with.
   * @throws Error when the secret is gone or the bytes were changed
   */
  decrypt(purpose: string, sealed: Buffer): Buffer {
    const key = this.key(`encrypt ${purpose}`, sealed.subarray(0, KEY_ID_BYTES));
    if (!key) {
      throw new Error(
        `No APP_SECRET opens this ${purpose}; put the earlier secret behind the new one: APP_SECRET=new,old`,
      );
    }
    const iv = sealed.subarray(KEY_ID_BYTES, KEY_ID_BYTES + IV_BYTES);
    const tag = sealed.subarray(KEY_ID_BYTES + IV_BYTES, KEY_ID_BYTES + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: TAG_BYTES }).setAuthTag(tag);
    return Buffer.concat([
      decipher.update(sealed.subarray(KEY_ID_BYTES + IV_BYTES + TAG_BYTES)),
      decipher.final(),
    ]);
  }
}
