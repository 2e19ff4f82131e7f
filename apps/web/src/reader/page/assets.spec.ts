import Fastify, { type FastifyInstance } from 'fastify';
import { assetPath, serveAssets } from './assets.js';

let site: FastifyInstance;
beforeAll(async () => {
  site = Fastify();
  await serveAssets(site);
});
afterAll(() => site.close());

it('names assets with the hash of their content, and lets those be kept for ever', async () => {
  const path = assetPath('site.css');
  expect(path).toMatch(/^\/assets\/site\.css\?v=[0-9a-f]{12}$/);
  const { statusCode, headers } = await site.inject(path);
  expect([statusCode, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/css; charset=utf-8',
    'public, max-age=31536000, immutable',
  ]);
});

it.each(['/assets/site.css', '/assets/site.css?v=old'])('lets %s be kept for an hour', async (path) => {
  const { headers } = await site.inject(path);
  expect(headers['cache-control']).toBe('public, max-age=3600');
  const again = await site.inject({ url: path, headers: { 'if-none-match': headers.etag } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
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
  const { statusCode, body } = await site.inject(path);
  expect(statusCode).toBeGreaterThanOrEqual(400);
  expect(statusCode).toBeLessThan(500);
  expect(JSON.parse(body)).toMatchObject({ statusCode });
});
