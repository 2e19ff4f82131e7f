import type { FastifyReply } from 'fastify';

/** Sends an HTML page. */
export async function sendPage(reply: FastifyReply, html: string, status = 200): Promise<void> {
  if (!reply.hasHeader('Cache-Control')) void reply.header('Cache-Control', 'no-cache');
  await reply.status(status).header('Vary', 'Accept-Language').type('text/html; charset=utf-8').send(html);
}

/** Headers of a page that a link with a token opens: the token must leave neither with a click nor into an index. */
export function guardToken(reply: FastifyReply): void {
  void reply
    .header('Referrer-Policy', 'no-referrer')
    .header('X-Robots-Tag', 'noindex, nofollow')
    .header('Cache-Control', 'no-store');
}

/** The form may stand on any site. */
export function letAnyOriginRead(reply: FastifyReply): FastifyReply {
  return reply.header('Access-Control-Allow-Origin', '*');
}
