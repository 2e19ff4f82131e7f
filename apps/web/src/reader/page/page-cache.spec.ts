import Fastify, { type FastifyInstance } from 'fastify';
import { PageCache, type SharedPage } from './page-cache.js';

describe('a shared page', () => {
  let site: FastifyInstance;
  let url: string;
  let composed: number;
  let page: SharedPage;
  beforeEach(async () => {
    composed = 0;
    page = { facts: ['story', 1], compose: () => `<p>${++composed}</p>` };
    const cache = new PageCache();
    site = Fastify();
    site.get('/', (request, reply) => cache.send(request, reply, page));
    url = await site.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => site.close());
  const ask = (headers: Record<string, string> = {}, method = 'GET') => fetch(url, { method, headers });

  it('is composed once for all who ask, also at once', async () => {
    let finish = (_: string) => {};
    const slow = new Promise<string>((resolve) => (finish = resolve));
    page.compose = () => (composed++, slow);
    const asked = [ask(), ask(), ask()];
    finish('<p>one</p>');
    expect(await Promise.all(asked.map(async (one) => (await one).text()))).toEqual(
      Array(3).fill('<p>one</p>'),
    );
    await ask();
    expect(composed).toBe(1);
  });

  it('is not sent to those who have it', async () => {
    const first = await ask();
    const tag = first.headers.get('etag') ?? '';
    expect(first.status).toBe(200);
    expect(tag).toMatch(/^W\/"[\w-]{22}"$/);
    expect([first.headers.get('cache-control'), first.headers.get('vary')]).toEqual([
      'no-cache',
      'Accept-Language',
    ]);
    for (const method of ['GET', 'HEAD']) {
      for (const held of [tag, tag.replace('W/', '')]) {
        const again = await ask({ 'if-none-match': held }, method);
        expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
      }
    }
    expect(composed).toBe(1);
  });

  it('is another one once a fact has changed, and the old tag is worth nothing', async () => {
    const tag = (await ask()).headers.get('etag') ?? '';
    page.facts = ['story', 2];
    const fresh = await ask({ 'if-none-match': tag });
    expect([fresh.status, await fresh.text()]).toEqual([200, '<p>2</p>']);
    expect(fresh.headers.get('etag')).not.toBe(tag);
  });

  it('keeps its tag where other facts come to the same page', async () => {
    page.compose = () => 'same';
    const tag = (await ask()).headers.get('etag') ?? '';
    page.facts = ['story', 2];
    expect((await ask({ 'if-none-match': tag })).status).toBe(304);
  });

  it('answers HEAD with its length and tag, and no body', async () => {
    const head = await ask({}, 'HEAD');
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '8', '']);
    expect(head.headers.get('etag')).toBe((await ask()).headers.get('etag'));
  });

  it('is tried again after it failed', async () => {
    page.compose = () => Promise.reject(new Error('the database is away'));
    expect((await ask()).status).toBe(500);
    page.compose = () => 'well again';
    expect(await (await ask()).text()).toBe('well again');
  });
});
