import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { FetchError } from './fetch-error.js';

const DECODERS: Record<string, (body: Buffer, limit: number) => Promise<Buffer>> = {
  gzip: (body, maxOutputLength) => promisify(gunzip)(body, { maxOutputLength }),
  br: (body, maxOutputLength) => promisify(brotliDecompress)(body, { maxOutputLength }),
  // RFC 9110 §8.4.1.2: meant is zlib's format, sent is often the bare one.
  deflate: (body, maxOutputLength) =>
    ((body[0] ?? 0) & 0x0f) === 8
      ? promisify(inflate)(body, { maxOutputLength })
      : promisify(inflateRaw)(body, { maxOutputLength }),
};
/** What is asked for in `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/**
 * Reads a body and takes its compression off.
 * @param limit bytes; reading, and decompressing too, stops there
 * @throws FetchError `too_large`, or `bad_answer` for a compression that is unknown or damaged
 */
export async function readBody(response: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(response.headers['content-length'] ?? 0) > limit) {
    response.destroy();
    throw tooLarge(limit);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > limit) throw tooLarge(limit); // leaving the loop destroys the response
    chunks.push(chunk);
  }
  return decompress(Buffer.concat(chunks), response.headers['content-encoding'] ?? '', limit);
}

async function decompress(body: Buffer, encoding: string, limit: number): Promise<Buffer> {
  const name = encoding.trim().toLowerCase().replace(/^x-/, '');
  if (name === '' || name === 'identity' || body.length === 0) return body;
  const decode = Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
  if (!decode)
    throw new FetchError('bad_answer', 'The answer is compressed in a way that was not asked for.');
  try {
    return await decode(body, limit);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit);
    throw new FetchError('bad_answer', 'The compressed answer is damaged.', { cause });
  }
}

function tooLarge(limit: number): FetchError {
  return new FetchError('too_large', `The answer is larger than ${Math.round(limit / 1_000_000)} MB.`);
}
