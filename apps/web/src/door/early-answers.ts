import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** How long a client that has its answer may go on sending the body. */
const LINGER_MS = 2_000;

/**
 * Lets a body run out that nobody reads, for a while, when the answer is there before it: of a refusal, mostly. To hang up on a
 * client that still sends makes its system throw the answer away, unread (RFC 9112 §9.6). What comes is dropped unseen; who
 * does not end it is hung up on.
 */
export function letBodiesEnd(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // Fastify's, of a body that it stopped reading: Node would hang up with the last byte of the answer.
    if (isComing(request.raw)) reply.removeHeader('connection');
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, _reply, done) => {
    if (isComing(request.raw)) linger(request.raw);
    done();
  });
}

function isComing(message: IncomingMessage): boolean {
  return !message.complete && !message.destroyed;
}

function linger(message: IncomingMessage): void {
  message.resume();
  const late = setTimeout(() => {
    if (!message.complete) message.socket.destroy();
  }, LINGER_MS).unref();
  message.once('close', () => clearTimeout(late));
}
