import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LONGEST_HOOK_BODY } from '#feedback/intake/hooks/hook-intake.js';
import { DomainError } from '#kernel/errors/errors.js';

/** A form of a reader: an address, a name and some ticks. */
const READERS_BYTES = 64 * 1024;
/** What operators send: settings, a list of ids. */
const OPERATORS_BYTES = 256 * 1024;
/** An article has up to 1 MB, a digest templates of 200 KB for each language; and room for JSON. */
const LONG_BYTES = 2 * 1024 * 1024;
const LONG = /^\/api\/v1\/(articles|digests|templates)(\/|$)/;
/** A mail that came back may carry the one that was sent. */
const MAIL_BYTES = 20 * 1024 * 1024;
/** Where mail that came back is given. */
export const MAILS_ROUTE = '/api/v1/feedback/messages';
/** What providers call. Each has a limit of its own, which is looked at as well (hook.routes.ts). */
export const HOOK_ROUTE = '/hooks/feedback/:transportId';
/** Files stream, and who reads them counts (csv-upload.ts); the other takes whatever is posted, and reads its beginning (unsubscribe.routes.ts). */
const UNLIMITED = /^\/(api\/v1\/subscribers\/import|api\/v1\/imports|unsubscribe\/:token)$/;

/** Bytes of body that a route takes, of what is not streamed. */
export function bodyLimitOf(route: string): number {
  if (route === HOOK_ROUTE) return LONGEST_HOOK_BODY;
  if (!route.startsWith('/api/v1/')) return READERS_BYTES;
  if (route === MAILS_ROUTE) return MAIL_BYTES;
  return LONG.test(route) ? LONG_BYTES : OPERATORS_BYTES;
}

/**
 * Gives each route the limit for its bodies, and refuses what has no route. A length that is announced is refused before anything is read; one that is not is
 * counted while it is read, but of a multipart form, which is read elsewhere, and has to announce it.
 */
export function limitBodies(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    route.bodyLimit ??= bodyLimitOf(route.url);
  });
  fastify.addHook('onRequest', (request, _reply, done) => done(nowhere(request) ?? tooLarge(request)));
}

/** What no route will look at is not read first. */
function nowhere({ is404 }: FastifyRequest): DomainError | undefined {
  return is404 ? new DomainError('not_found', 'There is nothing at this address.') : undefined;
}

function tooLarge(request: FastifyRequest): DomainError | undefined {
  const { url: route = '' } = request.routeOptions;
  if (UNLIMITED.test(route)) return undefined;
  const limit = bodyLimitOf(route);
  const { 'content-length': length, 'content-type': type = '' } = request.headers;
  if (length !== undefined) {
    return Number(length) > limit ? tooLargeFor(limit) : undefined;
  }
  const isOpenEnded = request.headers['transfer-encoding'] !== undefined && /^multipart\//i.test(type);
  return isOpenEnded
    ? new DomainError('malformed', 'Send a Content-Length with a multipart form.')
    : undefined;
}

function tooLargeFor(limit: number): DomainError {
  return new DomainError(
    'too_large',
    `The body is larger than the ${limit / 1024} KB that this endpoint takes.`,
  );
}
