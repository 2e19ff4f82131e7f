import { createHmac, timingSafeEqual } from 'node:crypto';
import { idFromBytes, writeId } from '../ids.js';
import { KEY_ID_BYTES, type Keyring } from './keyring.js';

/**
 * What a token may be used for. Each purpose signs with its own key, so one cannot serve as another.
 * `unsubscribe` never expires (CASL wants 60 days; readers expect for ever).
 */
export const TOKEN_PURPOSES = [
  'confirm',
  'unsubscribe',
  'preferences',
  // Of operators: they name the row of a link that works once (account-links.ts).
  'invitation',
  'reset',
  'first-run',
] as const;
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number];

export interface TokenClaims {
  /** Whom it is about: a subscriber, or the row of an operator's link. */
  subscriberId: string;
  /** The edition whose mail carried the token, when there was one. */
  editionId?: string;
  /** Absent: never expires. */
  expiresAt?: Date;
}

export type TokenReading =
  | { ok: true; claims: TokenClaims }
  | { ok: false; reason: 'invalid' }
  | { ok: false; reason: 'expired'; claims: TokenClaims };

const VERSION = 1;
const HAS_EDITION = 1;
const HAS_EXPIRY = 2;
const ID_BYTES = 16;
/** 128 bits of HMAC-SHA256: RFC 2104 §5 asks for at least half the hash and never under 80 bits. */
const MAC_BYTES = 16;
const LONGEST_BYTES = 2 + KEY_ID_BYTES + ID_BYTES + ID_BYTES + 4 + MAC_BYTES;

/**
 * Signs and reads the links of mails. Layout before base64url:
 * version (1) · flags (1) · key id (4) · subscriber (16) · [edition (16)] · [expiry, seconds (4)] · MAC (16).
 * An address is never in it.
 */
export class TokenSigner {
  constructor(private readonly keyring: Keyring) {}

  /** @returns a URL-safe token of 51 to 78 characters. */
  sign(purpose: TokenPurpose, claims: TokenClaims): string {
    const flags = (claims.editionId ? HAS_EDITION : 0) | (claims.expiresAt ? HAS_EXPIRY : 0);
    const keyId = this.keyring.currentKeyId;
    // Two of these go into every message, so they are written into one buffer.
    const bytes = Buffer.allocUnsafe(LONGEST_BYTES);
    bytes[0] = VERSION;
    bytes[1] = flags;
    let at = 2 + keyId.copy(bytes, 2);
    at += writeId(claims.subscriberId, bytes, at);
    if (claims.editionId) at += writeId(claims.editionId, bytes, at);
    if (claims.expiresAt) at = bytes.writeUInt32BE(Math.floor(claims.expiresAt.getTime() / 1000), at);
    const mac = this.mac(purpose, keyId, bytes.subarray(0, at)) as Buffer;
    return bytes.toString('base64url', 0, at + mac.copy(bytes, at));
  }

  /** Reads a token made for this purpose. Anything else, whatever it is, is `invalid`. */
  read(purpose: TokenPurpose, token: string, now: Date): TokenReading {
    const invalid = { ok: false, reason: 'invalid' } as const;
    if (!/^[A-Za-z0-9_-]{40,120}$/.test(token)) return invalid;
    const bytes = Buffer.from(token, 'base64url');
    if (bytes.toString('base64url') !== token || bytes[0] !== VERSION) return invalid;
    const flags = bytes[1] ?? 0;
    const length =
      2 +
      KEY_ID_BYTES +
      ID_BYTES +
      (flags & HAS_EDITION ? ID_BYTES : 0) +
      (flags & HAS_EXPIRY ? 4 : 0) +
      MAC_BYTES;
    if (bytes.length !== length) return invalid;
    const body = bytes.subarray(0, length - MAC_BYTES);
    const mac = this.mac(purpose, bytes.subarray(2, 2 + KEY_ID_BYTES), body);
    if (!mac || !timingSafeEqual(mac, bytes.subarray(length - MAC_BYTES))) return invalid;

    let at = 2 + KEY_ID_BYTES;
    const claims: TokenClaims = { subscriberId: idFromBytes(body.subarray(at, at + ID_BYTES)) };
    at += ID_BYTES;
    if (flags & HAS_EDITION) {
      claims.editionId = idFromBytes(body.subarray(at, at + ID_BYTES));
      at += ID_BYTES;
    }
    if (flags & HAS_EXPIRY) {
      claims.expiresAt = new Date(body.readUInt32BE(at) * 1000);
      if (claims.expiresAt <= now) return { ok: false, reason: 'expired', claims };
    }
    return { ok: true, claims };
  }

  private mac(purpose: TokenPurpose, keyId: Buffer, body: Buffer): Buffer | undefined {
    const key = this.keyring.key(`token ${purpose}`, keyId);
    return key && createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
  }
}
