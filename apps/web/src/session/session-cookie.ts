import type { FastifyReply, FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';
import { SESSION_MS, type Origin } from '#operators/sessions/session.service.js';

/** What the operator UI sends along; a foreign page cannot without a preflight, which is never granted. */
const OWN_PAGE_HEADER = 'x-requested-with';
const OWN_PAGE = 'broadsheet';

/** `__Host-` binds a cookie to this host, over https only (RFC 6265bis §4.1.3.2). */
const nameOf = (https: boolean) => (https ? '__Host-broadsheet' : 'broadsheet-session');

/** The token in the session cookie. Over https only the bound cookie counts: another host could have set the other. */
export function sessionToken(request: FastifyRequest, https: boolean): string | undefined {
  return request.cookies[nameOf(https)];
}

const attributesOf = (https: boolean) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: https }) as const;

export function setSessionCookie(reply: FastifyReply, token: string, https: boolean): void {
  void reply.setCookie(nameOf(https), token, { ...attributesOf(https), maxAge: SESSION_MS / 1000 });
}

export function clearSessionCookie(reply: FastifyReply, https: boolean): void {
  void reply.clearCookie(nameOf(https), attributesOf(https));
}

/** From where a call comes, for the list of sessions and the audit. */
export function originOfCall({ ip, headers }: FastifyRequest): Origin {
  return { ip, userAgent: headers['user-agent'] };
}

/** @throws DomainError forbidden when a change comes with a cookie but not from our own page */
export function requireOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  if (request.headers[OWN_PAGE_HEADER] === OWN_PAGE) return;
  throw new DomainError('forbidden', 'With a session cookie, send the header X-Requested-With: broadsheet.');
}
