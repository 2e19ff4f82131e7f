import type { FastifyRequest } from 'fastify';
import type { Visitor } from '#feedback/clicks/click-counter.js';

/** Who makes a request, as the counter of clicks wants to know it for a moment. */
export function visitorOf(request: Pick<FastifyRequest, 'ip' | 'headers'>): Visitor {
  return { ip: request.ip, userAgent: request.headers['user-agent'] };
}

/** `Sec-Purpose` (Fetch standard §3.6), and what browsers sent before it. */
const PURPOSES = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/** Whether a browser says that it only fetches ahead of its user. */
export function isPrefetch({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return PURPOSES.some((name) => /\b(prefetch|prerender|preview)\b/i.test(String(headers[name] ?? '')));
}
