import { v7, validate } from 'uuid';

/** @returns a new id: UUID version 7 (RFC 9562 §5.7), so ids sort by creation time. Opaque to users. */
export function newId(): string {
  return v7();
}

/** Tells whether a string could be an id at all, so that a malformed one is a 404 and never a database error. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && validate(value);
}

/** The 16 bytes of an id, for compact tokens. */
export function idToBytes(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** Writes them into a buffer. @returns how many bytes they are: 16 */
export function writeId(id: string, into: Buffer, at: number): number {
  return into.write(id.replaceAll('-', ''), at, 'hex');
}

/** The inverse of {@link idToBytes}. */
export function idFromBytes(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
