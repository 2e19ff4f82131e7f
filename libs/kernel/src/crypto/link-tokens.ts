import { createHmac, timingSafeEqual } from 'node:crypto';
import { idFromBytes, writeId } from '../ids.js';
import { KEY_ID_BYTES, type Keyring } from './keyring.js';

/** A link of an edition: the same for all its readers. */
export interface EditionLinkRef {
  editionId: string;
  /** From 0 to {@link MOST_LINKS} - 1. */
  number: number;
}

/** An edition's links have two bytes for their number. */
export const MOST_LINKS = 65_536;

const VERSION = 1;
const ID_BYTES = 16;
const BODY_BYTES = 1 + KEY_ID_BYTES + ID_BYTES + 2;
/** 96 bits of HMAC-SHA256; RFC 2104 §5 never wants under 80. What a forger could win is a click too many. */
const MAC_BYTES = 12;
const PURPOSE = 'edition link';

/**
 * Signs and reads the tokens of links whose clicks are counted. Nothing of a reader is in one, so that it may stand in what all
 * their mails share. Layout before base64url: version (1) · key id (4) · edition (16) · number (2) · MAC (12).
 */
export class LinkTokens {
  constructor(private readonly keyring: Keyring) {}

  /** @returns a URL-safe token of 47 characters */
  sign({ editionId, number }: EditionLinkRef): string {
    const keyId = this.keyring.currentKeyId;
    const bytes = Buffer.alloc(BODY_BYTES + MAC_BYTES);
    let at = bytes.writeUInt8(VERSION, 0);
    at += keyId.copy(bytes, at);
    at += writeId(editionId, bytes, at);
    bytes.writeUInt16BE(number, at);
    (this.mac(keyId, bytes.subarray(0, BODY_BYTES)) as Buffer).copy(bytes, BODY_BYTES);
    return bytes.toString('base64url');
  }

  /** @returns undefined: it is none of ours */
  read(token: string): EditionLinkRef | undefined {
    if (!/^[A-Za-z0-9_-]{47}$/.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // The last character has two bits to spare: of the four that mean the same bytes one is ours.
    if (bytes.toString('base64url') !== token || bytes[0] !== VERSION) return undefined;
    const body = bytes.subarray(0, BODY_BYTES);
    const mac = this.mac(bytes.subarray(1, 1 + KEY_ID_BYTES), body);
    if (!mac || !timingSafeEqual(mac, bytes.subarray(BODY_BYTES))) return undefined;
    const id = 1 + KEY_ID_BYTES;
    return {
      editionId: idFromBytes(body.subarray(id, id + ID_BYTES)),
      number: body.readUInt16BE(id + ID_BYTES),
    };
  }

  private mac(keyId: Buffer, body: Buffer): Buffer | undefined {
    const key = this.keyring.key(PURPOSE, keyId);
    return key && createHmac('sha256', key).update(body).digest().subarray(0, MAC_BYTES);
  }
}
