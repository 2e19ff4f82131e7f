import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { DomainError } from '#kernel/errors/errors.js';

/**
 * The version that a change is made to, by `If-Match: "3"` (RFC 9110 §13.1.1); undefined: none is named, or any will do (`*`).
 * @throws DomainError `malformed` for a tag that is none of ours
 */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined =>
  versionIn(context.switchToHttp().getRequest<FastifyRequest>().headers['if-match']),
);

/** The version in an If-Match. A tag that a proxy made weak is taken too: it stands for what is in it, not for its bytes. */
export function versionIn(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined;
  const found = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim());
  if (!found) throw new DomainError('malformed', 'If-Match is the ETag that was answered, or `*`.');
  return Number(found[1]);
}
