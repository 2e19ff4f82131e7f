import { idFromBytes, writeId } from '#kernel/ids.js';
import { fromBase32, toBase32 } from './base32.js';

/** What an address of ours is for: where bounces come to, where a reader leaves by a mail, where complaints come to. */
export type AddressUse = 'return' | 'leave' | 'complaint';

/** What an address names. What it says of a delivery is not proved until {@link proves} says so of a whole edition id. */
export type AddressToken = { use: AddressUse; mac: Buffer } & (
  { of: 'delivery'; subscriberId: string; tail: string } | { of: 'mail'; mailId: string }
);

const ID_BYTES = 16;
/** RFC 2104 §5: never under 80 bits. */
const MAC_BYTES = 10;

/**
 * What each use has of its own: the letter before its token; the last bytes of the edition's id that are in it (random ones, RFC 9562
 * §5.7, enough to find it among the editions of one reader); and its share of the HMAC-SHA256. The shares do not overlap, so one
 * reckoning serves all three, and none tells anything of another.
 */
const USES: Record<AddressUse, { mark: string; tailBytes: number; macAt: number }> = {
  return: { mark: '', tailBytes: 6, macAt: 0 },
  leave: { mark: 'u', tailBytes: 4, macAt: MAC_BYTES },
  complaint: { mark: 'c', tailBytes: 4, macAt: 2 * MAC_BYTES },
};

/** Which tokens there are. No single mail is of a list that could be left. */
const SHAPES = (
  [
    ['return', 'delivery'],
    ['return', 'mail'],
    ['leave', 'delivery'],
    ['complaint', 'delivery'],
    ['complaint', 'mail'],
  ] as const
).map(([use, of]) => {
  const { mark, tailBytes } = USES[use];
  const bytes = ID_BYTES + (of === 'delivery' ? tailBytes : 0) + MAC_BYTES;
  return { use, of, mark, bytes, characters: mark.length + Math.ceil((bytes * 8) / 5) };
});

/** @param digest over the mail's id. @returns letters and digits of lower case */
export function mailToken(use: AddressUse, mailId: string, digest: Buffer): string {
  return USES[use].mark + toBase32(Buffer.concat([idBytes(mailId), macOf(use, digest)]));
}

/** @param digest over the ids of reader and edition. @returns letters and digits of lower case, at most 52 */
export function deliveryToken(
  use: AddressUse,
  subscriberId: string,
  edition: Buffer,
  digest: Buffer,
): string {
  const { mark, tailBytes, macAt } = USES[use];
  const bytes = Buffer.allocUnsafe(ID_BYTES + tailBytes + MAC_BYTES);
  writeId(subscriberId, bytes, 0);
  edition.copy(bytes, ID_BYTES, ID_BYTES - tailBytes);
  digest.copy(bytes, ID_BYTES + tailBytes, macAt, macAt + MAC_BYTES);
  return mark + toBase32(bytes);
}

/** @param text of any case, since many servers do not keep it. @returns null: it has the form of none */
export function readToken(text: string): AddressToken | null {
  const token = text.toLowerCase();
  const shape = SHAPES.find(({ characters, mark }) => token.length === characters && token.startsWith(mark));
  const bytes = shape && fromBase32(token.slice(shape.mark.length));
  if (!shape || bytes?.length !== shape.bytes) return null;
  const mac = bytes.subarray(-MAC_BYTES);
  const id = idFromBytes(bytes.subarray(0, ID_BYTES));
  if (shape.of === 'mail') return { use: shape.use, of: 'mail', mailId: id, mac };
  const tail = bytes.toString('hex', ID_BYTES, shape.bytes - MAC_BYTES);
  return { use: shape.use, of: 'delivery', subscriberId: id, tail, mac };
}

/** The share of a digest that belongs to a use. */
export function macOf(use: AddressUse, digest: Buffer): Buffer {
  const { macAt } = USES[use];
  return digest.subarray(macAt, macAt + MAC_BYTES);
}

/** The 16 bytes of an id. */
export function idBytes(id: string): Buffer {
  const bytes = Buffer.allocUnsafe(ID_BYTES);
  writeId(id, bytes, 0);
  return bytes;
}
