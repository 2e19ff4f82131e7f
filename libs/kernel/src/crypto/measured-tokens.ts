import { createHmac, timingSafeEqual } from 'node:crypto';
import { idFromBytes, writeId } from '../ids.js';
import { KEY_ID_BYTES, type Keyring } from './keyring.js';

/** Whose mail of which edition a link or picture stands in. */
export interface MeasuredReader {
  editionId: string;
  subscriberId: string;
}

const ID_BYTES = 16;
const BODY_BYTES = KEY_ID_BYTES + ID_BYTES;
/** As of the link's own token: what a forger could win is a click that is noted of somebody else. */
const MAC_BYTES = 12;
const PURPOSE = 'measurement';

/**
 * Signs and reads what stands in links of a reader who agreed to be measured. It is one for all links of a reader's mail, so that a mail
 * costs one HMAC. The edition is bound and not in it: what it stands beside names that already. Layout before base64url: key id (4) ·
 * reader (16) · MAC (12) over key id, reader and edition.
 */
export class MeasuredTokens {
  constructor(private readonly keyring: Keyring) {}

  /** @returns a URL-safe token of 43 characters, always the same */
  sign({ editionId, subscriberId }: MeasuredReader): string {
    const keyId = this.keyring.currentKeyId;
    const bytes = Buffer.alloc(BODY_BYTES + MAC_BYTES);
    const at = keyId.copy(bytes, 0);
    writeId(subscriberId, bytes, at);
    (this.mac(keyId, bytes.subarray(0, BODY_BYTES), editionId) as Buffer).copy(bytes, BODY_BYTES);
    return bytes.toString('base64url');
  }

  /** @returns the reader's id; undefined: it is none of ours, or of another edition */
  read(token: string, editionId: string): string | undefined {
    if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.toString('base64url') !== token) return undefined; // the last character has bits to spare
    const body = bytes.subarray(0, BODY_BYTES);
    const mac = this.mac(bytes.subarray(0, KEY_ID_BYTES), body, editionId);
    if (!mac || !timingSafeEqual(mac, bytes.subarray(BODY_BYTES))) return undefined;
    return idFromBytes(body.subarray(KEY_ID_BYTES));
  }

  private mac(keyId: Buffer, body: Buffer, editionId: string): Buffer | undefined {
    const key = this.keyring.key(PURPOSE, keyId);
    if (!key) return undefined;
    const edition = Buffer.alloc(ID_BYTES);
    writeId(editionId, edition, 0);
    return createHmac('sha256', key).update(body).update(edition).digest().subarray(0, MAC_BYTES);
  }
}

/** An edition's id as a picture's address has it: 22 characters, no secret. */
export function editionInPath(editionId: string): string {
  const bytes = Buffer.alloc(ID_BYTES);
  writeId(editionId, bytes, 0);
  return bytes.toString('base64url');
}

/** The inverse of {@link editionInPath}. @returns undefined: it is none */
export function editionOfPath(part: string): string | undefined {
  if (!/^[A-Za-z0-9_-]{22}$/.test(part)) return undefined;
  const bytes = Buffer.from(part, 'base64url');
  return bytes.toString('base64url') === part ? idFromBytes(bytes) : undefined;
}
