import type { FastifyInstance } from 'fastify';
import type { Config } from '#kernel/config/config.js';

/** Pages need no script and load nothing from elsewhere but articles' pictures. */
const PAGE_POLICY = [
  "default-src 'none'",
  "style-src 'self' 'unsafe-inline'",
  "script-src 'self'",
  'img-src https: http: data:',
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  "frame-src 'self'",
].join('; ');

/** Nothing of ours asks a browser for any of these. */
const NO_DEVICES = [
  'accelerometer',
  'autoplay',
  'camera',
  'display-capture',
  'encrypted-media',
  'fullscreen',
  'geolocation',
  'gyroscope',
  'magnetometer',
  'microphone',
  'midi',
  'payment',
  'picture-in-picture',
  'usb',
  'xr-spatial-tracking',
]
  .map((feature) => `${feature}=()`)
  .join(', ');

/** Headers of every answer. The routes of links say no-referrer, so that a token does not leave with a click. */
export function securityHeaders(fastify: FastifyInstance, config: Config): void {
  const https = config.baseUrl.startsWith('https:');
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    if (!reply.hasHeader('Content-Security-Policy')) reply.header('Content-Security-Policy', PAGE_POLICY);
    reply.header('X-Content-Type-Options', 'nosniff');
    reply.header('Permissions-Policy', NO_DEVICES);
    // A page that opens one of ours gets no handle on it.
    reply.header('Cross-Origin-Opener-Policy', 'same-origin');
    if (!reply.hasHeader('Referrer-Policy'))
      reply.header('Referrer-Policy', 'strict-origin-when-cross-origin');
    if (!reply.hasHeader('Cache-Control')) reply.header('Cache-Control', 'no-store');
    if (https) reply.header('Strict-Transport-Security', 'max-age=31536000');
    done(null, payload);
  });
}
