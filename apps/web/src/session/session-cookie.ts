import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';
import { SESSION_MS } from '#operators/sessions/session.service.js';

/** What the operator UI sends along; a foreign page cannot without a preflight, which is never granted. */
const OWN_PAGE_HEADER = 'x-requested-with';
const OWN_PAGE = 'broadsheet';

/** `__Host-` binds a cookie to this host, over https only (RFC 6265bis §4.1.3.2). */
const nameOf = (https: boolean) => (https ? '__Host-broadsheet' : 'broadsheet-session');

/** The token in the session cookie. Over https only the bound cookie counts: another host could have set the other. */
export function sessionToken(request: FastifyRequest, https: boolean): string | undefined {
  const start = `${nameOf(https)}=`;
  const pairs = (request.headers.cookie ?? '').split(/;\s*/);
  return pairs.find((one) => one.startsWith(start))?.slice(start.length);
}

/** The header that sets the cookie; without a token it takes it away. */
export function sessionCookie(token: string | null, https: boolean): string {
  const age = token === null ? 0 : SESSION_MS / 1000;
  const secure = https ? '; Secure' : '';
  return `${nameOf(https)}=${token ?? ''}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${secure}`;
}

/** @throws DomainError forbidden when a change comes with a cookie but not from our own page */
export function requireOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.headers[OWN_PAGE_HEADER] === OWN_PAGE) return;
  throw new DomainError('forbidden', 'With a session cookie, send the header X-Requested-With: broadsheet.');
}
