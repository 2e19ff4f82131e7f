import { Readable } from 'node:stream';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { rawRequest } from '../../../../tests/support/raw-request.js';
import { compressAnswers } from './compression.js';

const PAGE = Buffer.from(`<p>${'All the news of the harbour. '.repeat(200)}</p>`);

let site: FastifyInstance;
let url: string;
beforeAll(async () => {
  site = Fastify();
  await compressAnswers(site);
  const html = 'text/html; charset=utf-8';
  for (const path of ['/', '/a/:slug', '/preferences/:token', '/unsubscribe/:token', '/confirm/:token']) {
    site.get(path, (_, reply) => reply.header('Vary', 'Accept-Language').type(html).send(PAGE));
  }
  for (const path of ['/mailbox/messages/:name', '/api/session', '/api/v1/api-keys']) {
    site.get(path, (_, reply) => reply.type(html).send(PAGE));
  }
  site.get('/terms', (_, reply) => reply.type(html).send('<p>short</p>'));
  site.get('/archive', (_, reply) => reply.status(304).header('Vary', 'Accept-Language').send());
  site.get('/api/v1/articles', () => ({ data: PAGE.toString() }));
  site.post('/api/v1/articles', (request) => ({ data: PAGE.toString(), got: request.body ?? null }));
  site.get('/api/v1/subscribers/export', (_, reply) =>
    reply
      .type('text/csv; charset=utf-8')
      .send(Readable.from(['email\r\n', 'ada@example.org\r\n'.repeat(500)])),
  );
  url = await site.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => site.close());

const ask = (path: string, encoding = 'gzip, deflate, br') =>
  rawRequest(url, path, { headers: { 'accept-encoding': encoding } });

it.each(['/', '/a/story'])('compresses %s as it is asked to', async (path) => {
  const br = await ask(path);
  expect([br.headers['content-encoding'], br.headers.vary]).toEqual([
    'br',
    'Accept-Language, accept-encoding',
  ]);
  expect(brotliDecompressSync(br.body).equals(PAGE)).toBe(true);
  expect(Number(br.headers['content-length'])).toBe(br.body.length);
  const gzip = await ask(path, 'gzip;q=1, br;q=0');
  expect(gzip.headers['content-encoding']).toBe('gzip');
  expect(gunzipSync(gzip.body).equals(PAGE)).toBe(true);
  const plain = await ask(path, 'identity');
  expect([plain.headers['content-encoding'], plain.headers.vary, String(plain.body)]).toEqual([
    undefined,
    'Accept-Language, accept-encoding',
    String(PAGE),
  ]);
});

it('tells caches of a 304 too, and leaves what is short', async () => {
  expect((await ask('/archive')).headers.vary).toBe('Accept-Language, accept-encoding');
  expect(String((await ask('/terms')).body)).toBe('<p>short</p>');
});

it.each([
  '/preferences/t',
  '/unsubscribe/t',
  '/confirm/t',
  '/mailbox/messages/m',
  '/api/session',
  '/api/v1/api-keys',
])('leaves %s as it is: it may hold a secret', async (path) => {
  const { headers, body } = await ask(path);
  expect([headers['content-encoding'], String(body)]).toEqual([undefined, String(PAGE)]);
});

it('compresses what is read, not what a change is answered with', async () => {
  expect((await ask('/api/v1/articles')).headers['content-encoding']).toBe('br');
  const headers = { 'accept-encoding': 'br' };
  const changed = await rawRequest(url, '/api/v1/articles', { method: 'POST', headers });
  expect(changed.headers['content-encoding']).toBeUndefined();
});

it('streams in gzip', async () => {
  const { headers, body } = await ask('/api/v1/subscribers/export');
  expect([headers['content-encoding'], headers['content-length']]).toEqual(['gzip', undefined]);
  expect(String(gunzipSync(body))).toHaveLength(7 + 17 * 500);
});

it('takes no compressed body', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const { status } = await rawRequest(url, '/api/v1/articles', { method: 'POST', headers, body: 'x' });
  expect(status).toBe(400);
});
