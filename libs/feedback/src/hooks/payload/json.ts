import { jsonShape } from '#kernel/input/json-shape.js';

/** Deeper than any provider's event. */
const MAX_DEPTH = 32;
/** Of a text: as many names and values as it can hold that is not made to be slow. */
const BYTES_PER_MEMBER = 5;

/** The value of a JSON text. @returns undefined: it is none, or one that is made to be slow to read */
export function readJson(body: Uint8Array | string): unknown {
  const bytes =
    typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const most = { members: bytes.length / BYTES_PER_MEMBER + 100, depth: MAX_DEPTH };
  const shape = jsonShape(bytes, most);
  if (shape.members > most.members || shape.depth > most.depth) return undefined;
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** The events in a value that is one event or a list of them. @returns undefined: neither */
export function oneOrMany(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value as unknown[];
  return typeof value === 'object' && value !== null ? [value] : undefined;
}
