import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { AdminFiles } from './admin-files.js';

let root: string;
let files: AdminFiles;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'admin-files-'));
  await mkdir(join(root, 'admin/assets'), { recursive: true });
  await writeFile(join(root, 'admin/index.html'), '<!doctype html>');
  await writeFile(join(root, 'admin/assets/index-a1.js'), 'let a = 1;');
  await writeFile(join(root, 'admin/secret.js'), 'no');
  files = new AdminFiles(join(root, 'admin'));
});
afterAll(() => rm(root, { recursive: true }));

it('gives the page and its assets', async () => {
  expect(String(await files.page())).toBe('<!doctype html>');
  const asset = await files.asset('index-a1.js');
  expect(asset?.type).toBe('text/javascript; charset=utf-8');
  expect(String(asset?.body)).toBe('let a = 1;');
  expect(String(gunzipSync(asset!.gzipped))).toBe('let a = 1;');
});

it.each([
  '../secret.js',
  '..%2fsecret.js',
  '..\\secret.js',
  '.js',
  'index-a1',
  'index-b2.js',
  'a\0.js',
  '../index.html',
])('has nothing named %j', async (name) => {
  expect(await files.asset(name)).toBeUndefined();
});

it('has no page when nothing is built', async () => {
  expect(await new AdminFiles(join(root, 'nowhere')).page()).toBeUndefined();
});
