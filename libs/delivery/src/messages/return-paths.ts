import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Publication } from '#audience/publication/publication.service.js';
import { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { idFromBytes, writeId } from '#kernel/ids.js';
import { fromBase32, toBase32 } from './base32.js';

const ID_BYTES = 16;
/** The last bytes of an edition's id: random ones (RFC 9562 §5.7), enough to tell the editions of one reader apart. */
const TAIL_BYTES = 6;
/** RFC 2104 §5: never under 80 bits. */
const MAC_BYTES = 10;
const PURPOSE = 'return path';

/** What the return path of a message names. */
export type Returned =
  /** `tail` is not proved until {@link ReturnPaths.proves} says so of a whole edition id. */
  | { of: 'delivery'; subscriberId: string; tail: string; mac: string }
  /** A single mail. */
  | { of: 'mail'; mailId: string };

type Sender = Pick<Publication, 'senderEmail'>;

/**
 * The envelope's sender (MAIL FROM, RFC 5321 §3.3) of whatever is sent: where bounces go. With `BOUNCE_ADDRESS` each message has
 * one of its own (VERP): `bounces+TOKEN@news.example.org`. The token is signed, names a delivery or a single mail, and nothing
 * else takes it. In base32 of lower case, since many servers do not keep the case of what they return. Layout:
 * subscriber (16) · the end of the edition (6) · MAC over both ids (10), or mail (16) · MAC (10): 52 or 42 characters.
 */
@Injectable()
export class ReturnPaths {
  private readonly local: string;
  private readonly domain: string;

  constructor(
    private readonly keyring: Keyring,
    private readonly config: Config,
  ) {
    const at = config.bounceAddress?.lastIndexOf('@') ?? -1;
    this.local = config.bounceAddress?.slice(0, at) ?? '';
    this.domain = config.bounceAddress?.slice(at + 1) ?? '';
  }

  /** For a message that is in no ledger: a test of a transport. */
  plain({ senderEmail }: Sender): string {
    return this.config.bounceAddress ?? senderEmail;
  }

  /** For one edition to one reader. */
  ofDelivery({ senderEmail }: Sender, editionId: string, subscriberId: string): string {
    if (this.domain === '') return senderEmail;
    const bytes = Buffer.allocUnsafe(ID_BYTES + TAIL_BYTES + MAC_BYTES);
    writeId(subscriberId, bytes, 0);
    const edition = idBytes(editionId);
    edition.copy(bytes, ID_BYTES, ID_BYTES - TAIL_BYTES);
    this.mac(this.key, bytes.subarray(0, ID_BYTES), edition).copy(bytes, ID_BYTES + TAIL_BYTES);
    return this.address(bytes);
  }

  /** For a single mail. */
  ofMail({ senderEmail }: Sender, mailId: string): string {
    if (this.domain === '') return senderEmail;
    const id = idBytes(mailId);
    return this.address(Buffer.concat([id, this.mac(this.key, id)]));
  }

  /** Whether an address is the bounce address, bare or with what may be a token. */
  isOurs(address: string): boolean {
    const [, extension] = this.split(address) ?? [];
    return extension !== undefined && (extension === '' || readable(extension) !== undefined);
  }

  /** What an address of ours names, whatever its case; null: it is none, or its token is not. */
  read(address: string): Returned | null {
    const [, extension = ''] = this.split(address) ?? [];
    const bytes = readable(extension);
    if (!bytes) return null;
    const first = bytes.subarray(0, ID_BYTES);
    if (bytes.length === ID_BYTES + MAC_BYTES) {
      const isTrue = this.proved(bytes.subarray(ID_BYTES), first);
      return isTrue ? { of: 'mail', mailId: idFromBytes(first) } : null;
    }
    return {
      of: 'delivery',
      subscriberId: idFromBytes(first),
      tail: bytes.toString('hex', ID_BYTES, ID_BYTES + TAIL_BYTES),
      mac: bytes.toString('hex', ID_BYTES + TAIL_BYTES),
    };
  }

  /** Whether what {@link read} found was made for this edition. */
  proves({ subscriberId, tail, mac }: Returned & { of: 'delivery' }, editionId: string): boolean {
    const edition = idBytes(editionId);
    if (edition.toString('hex', ID_BYTES - TAIL_BYTES) !== tail) return false;
    return this.proved(Buffer.from(mac, 'hex'), idBytes(subscriberId), edition);
  }

  private get key(): Buffer {
    return this.keyring.key(PURPOSE) as Buffer;
  }

  /** By any of the secrets: mail comes back when they were changed, too. */
  private proved(mac: Buffer, ...ids: Buffer[]): boolean {
    return this.keyring.keys(PURPOSE).some((key) => timingSafeEqual(this.mac(key, ...ids), mac));
  }

  private mac(key: Buffer, ...ids: Buffer[]): Buffer {
    const hmac = createHmac('sha256', key);
    for (const id of ids) hmac.update(id);
    return hmac.digest().subarray(0, MAC_BYTES);
  }

  private address(token: Buffer): string {
    return `${this.local}+${toBase32(token)}@${this.domain}`;
  }

  /** @returns the local part before a `+`, and what is after it; undefined: it is not the bounce address */
  private split(address: string): [string, string] | undefined {
    const at = address.lastIndexOf('@');
    if (this.domain === '' || address.slice(at + 1).toLowerCase() !== this.domain.toLowerCase())
      return undefined;
    const local = address.slice(0, at);
    const plus = local.indexOf('+');
    const name = plus < 0 ? local : local.slice(0, plus);
    if (name.toLowerCase() !== this.local.toLowerCase()) return undefined;
    return [name, plus < 0 ? '' : local.slice(plus + 1)];
  }
}

/** The bytes of what may be a token. */
function readable(extension: string): Buffer | undefined {
  const bytes = fromBase32(extension.toLowerCase());
  const lengths = [ID_BYTES + TAIL_BYTES + MAC_BYTES, ID_BYTES + MAC_BYTES];
  return bytes && lengths.includes(bytes.length) ? bytes : undefined;
}

function idBytes(id: string): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  writeId(id, bytes, 0);
  return bytes;
}
