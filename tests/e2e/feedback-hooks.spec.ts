import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { Scenario, someAddress, sumOf } from './scenario.js';

const SECRET = 'a-secret-of-the-e2e-harbour';

interface Hook {
  provider: string;
  url: string;
  settings: object;
  lastEventAt: string | null;
  lastRefusal: string | null;
}

describe('webhooks of providers, from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let transportId: string;

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
    const relay = { name: 'relay', host: '127.0.0.1', port: 9, security: 'none', enabled: false };
    ({ id: transportId } = await as.made('/transports', relay));
  }, 60_000);
  afterAll(() => app.stop());

  const call = (body: string | Buffer, headers: Record<string, string> = {}, id = transportId, query = '') =>
    app.fetch(`/hooks/feedback/${id}${query}`, { method: 'POST', body, headers });
  const bearer = { authorization: `Bearer ${SECRET}` };
  const bounceOf = (email: string, ID = 1) =>
    JSON.stringify({
      RecordType: 'Bounce',
      Type: 'HardBounce',
      ID,
      MessageID: 'm1',
      Email: email,
      Details: 'smtp;550 5.1.1 No such user',
      BouncedAt: '2026-11-28T05:02:19Z',
    });

  it('are not there until they are set', async () => {
    expect((await call('{}', bearer)).status).toBe(404);
    expect((await call('{}', bearer, 'nonsense')).status).toBe(404);
    expect((await app.api('GET', `/transports/${transportId}/hook`)).status).toBe(404);
  });

  it('are set by the command line, and never tell the secret', async () => {
    const set = await runCli(
      app,
      ['transports', 'hook', transportId, '--provider', 'postmark', '--secret-stdin'],
      `${SECRET}\n`,
    );
    expect(set).toMatchObject({ exitCode: 0 });
    expect(set.output).toContain(`/hooks/feedback/${transportId}`);
    const { body } = await app.api<Hook>('GET', `/transports/${transportId}/hook`);
    expect(body).toMatchObject({ provider: 'postmark', settings: {}, lastEventAt: null });
    expect(new URL(body.url).pathname).toBe(`/hooks/feedback/${transportId}`);
    expect(JSON.stringify(body) + set.output).not.toContain(SECRET);
  });

  it.each([
    ['as JSON', { ...bearer, 'content-type': 'application/json' }, ''],
    ['as a form, which it is not', { ...bearer, 'content-type': 'application/x-www-form-urlencoded' }, ''],
    ['without a word that is a type', { ...bearer, 'content-type': '?' }, ''],
    ['by basic authentication', { authorization: `Basic ${btoa(`any:${SECRET}`)}` }, ''],
    ['with the secret in the address', { accept: 'text/html' }, `?token=${SECRET}`],
  ])('take an event %s', async (_, headers, query) => {
    const email = someAddress();
    await as.activeReader(email);
    const answer = await call(bounceOf(email), headers, transportId, query);
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    expect(await as.statusOf(email)).toBe('bounced');
  });

  it('count what they do not know, and answer it', async () => {
    const unknown = (id: number) => JSON.stringify({ RecordType: 'Telepathy', ID: id });
    for (const id of [1, 2, 2]) expect((await call(unknown(id), bearer)).status).toBe(200);
    const scrape = await (await app.fetch('/metrics')).text();
    const kinds = scrape
      .split('\n')
      .filter((line) => line.includes('kind="unknown"'))
      .join('\n');
    expect(sumOf(kinds, 'broadsheet_hook_events_total')).toBe(2);
  });

  it('refuse what proves nothing, whatever its bytes, and say so to operators', async () => {
    const email = someAddress();
    await as.activeReader(email);
    expect((await call(bounceOf(email), { authorization: 'Bearer guess-guess-guess' })).status).toBe(401);
    expect((await call(bounceOf(email))).status).toBe(401);
    expect((await call(Buffer.from([0, 255, 254, 1]), bearer)).status).toBe(400);
    expect((await call('', bearer)).status).toBe(400);
    expect((await call('[[[['.repeat(10_000), bearer)).status).toBe(400);
    expect((await call('x'.repeat(1_100_000), bearer)).status).toBe(413);
    expect((await call('x'.repeat(5_000_000), bearer)).status).toBe(413);
    expect(await as.statusOf(email)).toBe('active');
    const { body } = await app.api<Hook>('GET', `/transports/${transportId}/hook`);
    expect(body.lastRefusal).not.toBeNull();
    expect(body.lastEventAt).not.toBeNull();
  });

  it('belong to owners', async () => {
    const { key } = await as.made<{ key: string }>('/api-keys', { name: 'e', role: 'editor' });
    const answer = await app.fetch(`/api/v1/transports/${transportId}/hook`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ provider: 'postmark', settings: { secret: 'of-a-stranger-with-a-key' } }),
    });
    expect(answer.status).toBe(403);
    const bad = await app.api('PUT', `/transports/${transportId}/hook`, { provider: 'ses', settings: {} });
    expect([bad.status, bad.body]).toMatchObject([422, { errors: [{ field: 'settings.topics' }] }]);
  });

  it('are gone at once when they are removed', async () => {
    const run = await runCli(app, ['transports', 'hook', transportId, '--remove']);
    expect(run.output).toContain('removed');
    expect((await call('{}', bearer)).status).toBe(404);
  });
});
