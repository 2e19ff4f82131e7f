import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import Fastify, { type FastifyInstance } from 'fastify';
import { rawRequest } from '../../../../tests/support/raw-request.js';
import { serveAdminAssets } from './admin-files.js';

let root: string;
let site: FastifyInstance;
let url: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'admin-files-'));
  await mkdir(join(root, 'admin/assets'), { recursive: true });
  await writeFile(join(root, 'admin/index.html'), '<!doctype html>');
  await writeFile(join(root, 'admin/assets/index-a1.js'), 'let a = 1;');
  await writeFile(join(root, 'admin/assets/index-a1.js.gz'), gzipSync('let a = 1;'));
  await writeFile(join(root, 'admin/secret.js'), 'no');
  site = Fastify();
  await serveAdminAssets(site, join(root, 'admin'));
  url = await site.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await site.close();
  await rm(root, { recursive: true });
});

it('gives an asset as it is, or as it was compressed when it was built', async () => {
  const path = '/admin/assets/index-a1.js';
  const plain = await rawRequest(url, path);
  expect(String(plain.body)).toBe('let a = 1;');
  const packed = await rawRequest(url, path, { headers: { 'accept-encoding': 'br, gzip' } });
  expect(String(gunzipSync(packed.body))).toBe('let a = 1;');
  expect(packed.headers['content-encoding']).toBe('gzip');
  for (const { headers } of [plain, packed]) {
    expect(headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': expect.stringMatching(/^(text|application)\/javascript; charset=utf-8$/i) as string,
      vary: expect.stringMatching(/^accept-encoding$/i) as string,
    });
  }
});

it.each([
  '../secret.js',
  '..%2fsecret.js',
  '..\\secret.js',
  '%2e%2e/secret.js',
  '.js',
  'index-a1',
  'index-b2.js',
  'a%00.js',
  '../index.html',
  '',
])('has nothing named %j', async (name) => {
  const { status, body } = await rawRequest(url, `/admin/assets/${name}`);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  expect(JSON.parse(String(body))).toMatchObject({ statusCode: status });
});

it('takes a bundle that is not there yet', async () => {
  const bare = Fastify();
  await serveAdminAssets(bare, join(root, 'nowhere'));
  const at = await bare.listen({ port: 0, host: '127.0.0.1' });
  expect((await rawRequest(at, '/admin/assets/index-a1.js')).status).toBe(404);
  await bare.close();
});
