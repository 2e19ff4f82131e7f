import Fastify, { type FastifyInstance } from 'fastify';
import { rawRequest } from '../../../../../tests/support/raw-request.js';
import { assetPath, serveAssets } from './assets.js';

let site: FastifyInstance;
let url: string;
beforeAll(async () => {
  site = Fastify();
  await serveAssets(site);
  url = await site.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => site.close());

it('names assets with the hash of their content, and lets those be kept for ever', async () => {
  const path = assetPath('site.css');
  expect(path).toMatch(/^\/assets\/site\.css\?v=[0-9a-f]{12}$/);
  const { status, headers } = await rawRequest(url, path);
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
});

it.each(['/assets/site.css', '/assets/site.css?v=old'])('lets %s be kept for an hour', async (path) => {
  const { headers } = await rawRequest(url, path);
  expect(headers['cache-control']).toBe('public, max-age=3600');
  const again = await rawRequest(url, path, { headers: { 'if-none-match': headers.etag ?? '' } });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});

it.each([
  '/assets/../package.json',
  '/assets/..%2f..%2f..%2fpackage.json',
  '/assets/..%5cpackage.json',
  '/assets/%2e%2e/src/main.ts',
  '/assets//etc/passwd',
  '/assets/site.css%00.js',
  '/assets/nothing.css',
  '/assets/',
])('has nothing at %s', async (path) => {
  const { status, body } = await rawRequest(url, path);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(JSON.parse(String(body))).toMatchObject({ statusCode: status });
});
