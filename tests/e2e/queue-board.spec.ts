import { startApp, type AppOptions, type AppProcess } from '../support/app-process.js';
import { TestRedis } from '../support/redis.js';
import { makeBarePostgres } from '../support/stores.js';
import { TEST_SECRET } from '../support/test-config.js';
import { Scenario } from './scenario.js';

/** Served under a path, which a proxy takes away. */
const BASE_URL = 'http://news.example/post';
const QUEUES = ['clock', 'mail', 'edition', 'delivery', 'feeds', 'readers', 'imports', 'exports'];

interface Setting {
  options: AppOptions;
  end?: () => Promise<void>;
}

async function onPostgres(app: 'web' | 'standalone', redisUrl?: string): Promise<Setting> {
  const postgres = await makeBarePostgres();
  const env = { BASE_URL, DATABASE_URL: postgres.url, REDIS_URL: redisUrl, APP_SECRET: TEST_SECRET };
  return { options: { app, env }, end: postgres.remove };
}

const SETTINGS: [string, () => Promise<Setting>][] = [
  ['standalone, embedded', () => Promise.resolve({ options: { env: { BASE_URL } } })],
  ['standalone, PostgreSQL', () => onPostgres('standalone')],
  ['web, PostgreSQL and Redis', async () => onPostgres('web', (await TestRedis.start()).url)],
];

describe.each(SETTINGS)('the queue board: %s', (_name, make) => {
  let setting: Setting;
  let app: AppProcess;
  let owner: string;

  /** @returns the cookie of a session */
  const signIn = async (apiKey: string): Promise<string> => {
    const headers = { 'content-type': 'application/json', 'x-requested-with': 'broadsheet' };
    const body = JSON.stringify({ apiKey });
    const { headers: got } = await app.fetch('/api/session', { method: 'POST', headers, body });
    return got.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.fetch(`/admin/queues${path}`, { headers });

  beforeAll(async () => {
    setting = await make();
    app = await startApp(setting.options);
    owner = await signIn(app.apiKey);
  });
  afterAll(async () => {
    await app.stop();
    await setting.end?.();
  });

  it('is for operators who have signed in, and may change something', async () => {
    for (const path of ['', '/api/queues', '/static/favicon.ico']) {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, { authorization: `Bearer ${app.apiKey}` })).status).toBe(401);
      expect((await get(path, { cookie: 'broadsheet-session=none' })).status).toBe(401);
    }
    const viewer = await new Scenario(app).made<{ key: string }>('/api-keys', { name: 'v', role: 'viewer' });
    expect((await get('', { cookie: await signIn(viewer.key) })).status).toBe(403);
    for (const cookie of ['', 'broadsheet-session=none']) {
      const { status, headers } = await get('', { accept: 'text/html,*/*', cookie });
      expect([status, headers.get('location')]).toEqual([303, '/post/admin']);
    }
  });

  it('is a page of ours, whatever the path of the site', async () => {
    for (const path of ['', '/', '/queue/mail']) {
      const page = await get(path, { cookie: owner });
      expect(page.status).toBe(200);
      expect(page.headers.get('content-security-policy')).toContain("script-src 'self'; ");
      expect(page.headers.get('content-security-policy')).toContain("base-uri 'self'; ");
      const html = await page.text();
      expect(html).toContain('<base href="/post/admin/queues/"');
      const script = /src="(static\/js\/main[^"]+)"/.exec(html)?.[1];
      expect((await get(`/${script}`, { cookie: owner })).status).toBe(200);
    }
    expect((await app.fetch('/admin')).headers.get('content-security-policy')).toContain("base-uri 'none'; ");
  });

  it('names the queues and what is in them', async () => {
    const answer = await get('/api/queues', { cookie: owner });
    const { queues } = (await answer.json()) as {
      queues: {
        name: string;
        readOnlyMode: boolean;
        hasWorkers: boolean | null;
        counts: Record<string, number>;
      }[];
    };
    expect(queues.map(({ name }) => name)).toEqual(QUEUES);
    for (const { readOnlyMode, hasWorkers, counts } of queues) {
      expect([readOnlyMode, hasWorkers]).toEqual([true, null]);
      expect(counts).toMatchObject({ failed: 0, active: expect.any(Number) as number });
    }
    expect((await get('/api/redis/stats', { cookie: owner })).status).toBe(200);
  });

  it.each([
    ['PUT', '/api/queues/pause'],
    ['PUT', '/api/queues/mail/pause'],
    ['PUT', '/api/queues/mail/empty'],
    ['POST', '/api/queues/mail/add'],
  ])('changes nothing: %s %s', async (method, path) => {
    const headers = { cookie: owner, 'x-requested-with': 'broadsheet' };
    expect((await app.fetch(`/admin/queues${path}`, { method, headers })).status).toBe(404);
  });
});
