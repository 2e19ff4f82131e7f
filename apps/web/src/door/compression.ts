import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import compress, { type FastifyCompressOptions } from '@fastify/compress';
import type { FastifyInstance, FastifyReply, RouteOptions } from 'fastify';

/**
 * Where answers are compressed, when they are only read. All else is sent as it is, and so is whatever route comes next until it is named
 * here. A compressed answer tells by its length whether what a stranger had put into it is like what is secret in it
 * (BREACH): so no page that holds a link's token (confirm, preferences, unsubscribe), no mail of the mailbox, which has such links,
 * and nothing of /api/session. Nothing here holds a secret: the API gives a key or a password out to nobody who reads.
 */
const COMPRESSED = [
  /^\/$/,
  /^\/(a|archive|terms|assets|admin)(\/|$)/,
  /^\/(subscribe|embed\.js)$/,
  /^\/api\/(docs(\/|$)|openapi\.json$|v1\/)/,
];
/** Keys; what is told as it happens, and would wait in a compressor; and what may be plain text, in which @fastify/compress would see a deflated body if it began with certain two letters. */
const PLAIN = /^\/api\/v1\/(api-keys|events$|editions\/:id\/preview)/;
/** Grows with the audience. A stream in gzip holds 0.3 MB for as long as the client reads, in brotli 1 MB. */
const STREAMED = /^\/api\/v1\/subscribers\/export$/;

/** Makes a tenth to a fifth of HTML, at 1 ms for 100 KB, which what is not kept pays each time. */
const BROTLI = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 4,
    [constants.BROTLI_PARAM_LGWIN]: 18, // 256 KB look back: our pages are no longer
  },
};
const GZIP = { level: 3 };

const OPTIONS = {
  encodings: ['br', 'gzip'],
  threshold: 1024, // bytes: less fits into one packet anyway
  // Bytes: at once, 5 ms at most. In the thread pool every answer would have a compressor of its own while the client reads.
  syncThreshold: 512 * 1024,
  brotliOptions: BROTLI,
  zlibOptions: GZIP,
  zlib: { brotliCompressSync: once(brotliCompressSync), gzipSync: once(gzipSync) },
} satisfies FastifyCompressOptions;

/** Compresses a body once: pages are kept as they were composed (page-cache.ts), and what they come to goes when they go. */
function once<O>(compressed: (body: Buffer, options: O) => Buffer): (body: Buffer, options: O) => Buffer {
  const known = new WeakMap<Buffer, Buffer>();
  return (body, options) => {
    const made = known.get(body) ?? compressed(body, options);
    known.set(body, made);
    return made;
  };
}

function isCompressed(method: RouteOptions['method'], route: string): boolean {
  const reads = [method].flat().some((one) => one === 'GET' || one === 'HEAD');
  return reads && COMPRESSED.some((pattern) => pattern.test(route)) && !PLAIN.test(route);
}

/**
 * Compresses what may be and says so to caches, in every answer of such a route. Before the routes are added.
 * Bodies of requests are not decompressed: their lengths are what limits them.
 */
export async function compressAnswers(fastify: FastifyInstance): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    if (!isCompressed(route.method, route.url)) route.compress = false;
    else route.compress = STREAMED.test(route.url) ? { ...OPTIONS, encodings: ['gzip'] } : OPTIONS;
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isCompressed(request.method, request.routeOptions.url ?? '')) varyByEncoding(reply);
    done(null, payload);
  });
  await fastify.register(compress, { ...OPTIONS, global: false, globalDecompression: false });
}

function varyByEncoding(reply: FastifyReply): void {
  const vary = reply.getHeader('vary');
  const others = vary === undefined ? [] : [vary].flat();
  if (others.some((one) => /accept-encoding/i.test(String(one)))) return;
  reply.header('Vary', [...others, 'accept-encoding'].join(', '));
}
