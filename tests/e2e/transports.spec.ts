import pg from 'pg';
import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { startSmtpPeer, type SmtpPeer } from '../support/smtp-peer.js';
import { makeBarePostgres } from '../support/stores.js';
import { Scenario } from './scenario.js';

const SECRETS = {
  environment: 'mark-of-the-environment-5f1d',
  password: 'mark-of-the-password-77aa',
  next: 'mark-of-the-next-password-0b3e',
  client: 'mark-of-the-client-secret-9c2b',
  refresh: 'mark-of-the-refresh-token-1e88',
};
/** As it stands, and as it goes over the wire. */
const marks = Object.values(SECRETS).flatMap((text) => [text, Buffer.from(text).toString('base64')]);

interface Transport {
  id: string;
  name: string;
  host: string;
  lastError: string | null;
}

describe('transports, from outside', () => {
  let peer: SmtpPeer;
  let app: AppProcess;
  let as: Scenario;
  let postgres: { url: string; remove(): Promise<void> };
  let client: pg.Client;
  /** Every answer of the API and every output of the CLI. */
  const answers: string[] = [];

  const api = async <T = Transport>(method: string, path: string, body?: unknown) => {
    const answer = await app.api<T>(method, path, body);
    answers.push(JSON.stringify([answer.body, [...answer.headers]]));
    return answer;
  };
  const cli = async (args: string[], input?: string) => {
    const run = await runCli(app, args, input);
    answers.push(run.output);
    return run;
  };
  const peerBody = (overrides: object = {}) => ({
    name: 'peer',
    host: '127.0.0.1',
    port: peer.port,
    security: 'opportunistic',
    auth: { method: 'password', user: 'desk', password: SECRETS.password },
    ...overrides,
  });

  beforeAll(async () => {
    peer = await startSmtpPeer({ auth: { user: 'desk', password: SECRETS.password } });
    postgres = await makeBarePostgres();
    app = await startApp({
      env: {
        DATABASE_URL: postgres.url,
        APP_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
        SMTP_URL: `smtp://desk:${SECRETS.environment}@127.0.0.1:${peer.port}`,
        MAIL_FROM: 'The Evening Post <news@post.example>',
        LOG_LEVEL: 'trace',
      },
    });
    as = new Scenario(app);
    client = new pg.Client(postgres.url);
    await client.connect();
  }, 120_000);

  afterAll(async () => {
    await client.end();
    await app.stop();
    await peer.close();
    await postgres.remove();
  });

  it("show the environment's, which only the environment can lead elsewhere", async () => {
    const { body } = await api<{ data: Transport[] }>('GET', '/transports');
    expect(body.data).toMatchObject([
      { name: 'default', origin: 'environment', host: '127.0.0.1', port: peer.port, hasSecret: true },
    ]);
    const { id } = body.data[0]!;
    const moved = await api('PATCH', `/transports/${id}`, { host: 'evil.example' });
    expect([moved.status, moved.body]).toMatchObject([409, { state: 'environment', code: 'wrong_state' }]);
    expect((await api('DELETE', `/transports/${id}`)).status).toBe(409);
    const limited = await api('PATCH', `/transports/${id}`, { limits: { perDay: 500 }, weight: 2 });
    expect([limited.status, limited.body]).toMatchObject([
      200,
      { limits: { perDay: 500 }, allowedToday: 500 },
    ]);
    const tried = await api<{ ok: boolean; error: string }>('POST', `/transports/${id}/test`);
    expect([tried.status, tried.body.ok]).toEqual([200, false]); // the peer has another password
    expect(tried.body.error).toMatch(/^535/);
  });

  it('are made, changed, tried and removed', async () => {
    const made = await api('POST', '/transports', peerBody());
    expect(made.status).toBe(201);
    const at = `/transports/${made.body.id}`;
    const again = await api('POST', '/transports', peerBody());
    expect([again.status, again.body]).toMatchObject([409, { errors: [{ field: 'name', code: 'taken' }] }]);

    const tried = await api('POST', `${at}/test`, { to: 'colleague@desk.example' });
    expect([tried.status, tried.body]).toMatchObject([200, { ok: true, sent: true, authenticated: true }]);
    expect((await peer.received(1))[0]?.to).toEqual(['colleague@desk.example']);

    const led = await api('PATCH', at, { host: 'localhost' });
    expect([led.status, led.body]).toMatchObject([422, { errors: [{ field: 'auth.password' }] }]);
    const auth = { method: 'password', password: SECRETS.next };
    expect((await api('PATCH', at, { host: 'localhost', auth })).status).toBe(200);
    const refused = await api<{ error: string }>('POST', `${at}/test`);
    expect([refused.status, refused.body.error]).toEqual([200, expect.stringMatching(/^535/)]);
    expect((await api('DELETE', at)).status).toBe(204);
    expect((await api('GET', at)).status).toBe(404);
  });

  it('have DKIM keys, of which only the public side is told', async () => {
    const { id } = (await api('POST', '/transports', peerBody({ name: 'signing' }))).body;
    const made = await api<{ data: { record: { name: string } }[] }>('POST', `/transports/${id}/dkim`, {
      algorithm: 'both',
      selector: 'post',
    });
    expect(made.status).toBe(201);
    expect(made.body.data.map(({ record }) => record.name)).toEqual([
      'post-rsa._domainkey.post.example',
      'post-ed25519._domainkey.post.example',
    ]);
    const listed = await api<{ data: unknown[] }>('GET', `/transports/${id}/dkim`);
    expect(listed.body).toEqual({ data: made.body.data, nextCursor: null });
    expect((await api('DELETE', `/transports/${id}/dkim/post-rsa`)).status).toBe(204);
    expect((await api('DELETE', `/transports/${id}/dkim/post-rsa`)).status).toBe(404);
    expect((await api('GET', `/transports/${id}`)).body).toMatchObject({
      dkim: [{ selector: 'post-ed25519' }],
    });
  });

  it.each<[object, string]>([
    [{ host: 'h', security: 'none' }, 'security'],
    [{ host: 'h', security: 'ssl' }, 'security'],
    [{ host: 'smtp://h', security: 'tls' }, 'host'],
    [{ limits: { perSecond: 0 } }, 'limits.perSecond'],
    [{ warmUp: { startPerDay: 5, growthPercent: 1, ceilingPerDay: 1 } }, 'warmUp.startPerDay'],
    [{ domainRules: [{ domains: ['gmail'], connections: 1 }] }, 'domainRules.0.domains.0'],
    [{ pasword: SECRETS.password }, 'pasword'],
  ])('refuse %j at its field', async (input, field) => {
    const answer = await api<{ errors: { field: string }[] }>(
      'POST',
      '/transports',
      peerBody({ name: 'bad', ...input }),
    );
    expect([answer.status, answer.body.errors?.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('are an owner’s to change and to try, and everybody’s to see', async () => {
    const { data } = (await api<{ data: Transport[] }>('GET', '/transports')).body;
    const id = data[0]!.id;
    for (const [role, seen] of [
      ['editor', 200],
      ['viewer', 200],
    ] as const) {
      const { key } = await as.made<{ key: string }>('/api-keys', { name: role, role });
      const use = async (method: string, path: string) =>
        (await app.fetch(`/api/v1${path}`, { method, headers: { authorization: `Bearer ${key}` } })).status;
      expect(await use('GET', '/transports')).toBe(seen);
      expect(await use('POST', '/transports')).toBe(403);
      expect(await use('PATCH', `/transports/${id}`)).toBe(403);
      expect(await use('DELETE', `/transports/${id}`)).toBe(403);
      expect(await use('POST', `/transports/${id}/test`)).toBe(403);
      expect(await use('POST', `/transports/${id}/dkim`)).toBe(403);
    }
  });

  it('do a POST once for an Idempotency-Key', async () => {
    const post = async (body: unknown) => {
      const headers = {
        authorization: `Bearer ${app.apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': 'transport-once',
      };
      const sent = await app.fetch('/api/v1/transports', {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      const text = await sent.text();
      answers.push(text);
      return { status: sent.status, id: (JSON.parse(text) as Transport).id };
    };
    const first = await post(peerBody({ name: 'once' }));
    expect(await post(peerBody({ name: 'once' }))).toEqual(first);
    const auth = { method: 'password', user: 'desk', password: SECRETS.next };
    expect((await post(peerBody({ name: 'once', auth }))).status).toBe(422);
  });

  it('are worked by the CLI, which takes secrets from standard input', async () => {
    const where = ['--host', '127.0.0.1', '--port', String(peer.port), '--security', 'opportunistic'];
    const made = await cli(
      ['--json', 'transports', 'create', 'by-cli', ...where, '--user', 'desk', '--secret-stdin'],
      `${SECRETS.password}\n`,
    );
    expect(made.exitCode).toBe(0);
    const { id } = JSON.parse(made.output) as Transport;
    const tried = await cli(['transports', 'test', id, '--to', 'colleague@desk.example']);
    expect([tried.exitCode, tried.output]).toEqual([0, expect.stringContaining('It works')]);
    const changed = await cli(['transports', 'update', id, '--per-day', '900', '--warm-up', '50,20%,1000']);
    expect([changed.exitCode, changed.output]).toEqual([0, expect.stringContaining('today 0 of 50')]);
    const record = await cli(['transports', 'dkim', id, '--algorithm', 'ed25519', '--selector', 'cli']);
    expect(record.output).toMatch(
      /^Name: {2}cli\._domainkey\.post\.example\nType: {2}TXT\nValue: v=DKIM1; k=ed25519; p=/,
    );
    expect((await cli(['transports', 'dkim', id, '--list'])).output).toBe(record.output);

    const wrong = await cli(['transports', 'update', id, '--secret-stdin'], SECRETS.next);
    expect(wrong.exitCode).toBe(0);
    expect((await cli(['transports', 'test', id])).exitCode).toBe(2);
    expect((await cli(['transports', 'list'])).output).toContain('by-cli');
    expect((await cli(['transports', 'show', id])).output).toContain('password as desk');
    expect((await cli(['transports', 'delete', id])).exitCode).toBe(0);
    expect((await cli(['transports', 'show', id])).exitCode).toBe(1);
  }, 120_000);

  it('tell their secrets nowhere: not in an answer, not in the log, not in the database', async () => {
    const auth = {
      method: 'xoauth2',
      user: 'desk',
      clientId: 'an-id',
      accessUrl: 'https://127.0.0.1:1/token',
      clientSecret: SECRETS.client,
      refreshToken: SECRETS.refresh,
    };
    const { id } = (await api('POST', '/transports', peerBody({ name: 'tokens', auth }))).body;
    expect((await api<{ ok: boolean }>('POST', `/transports/${id}/test`)).body.ok).toBe(false);
    await api('PATCH', `/transports/${id}`, {
      auth: { method: 'xoauth2', accessUrl: 'https://evil.example/' },
    });
    await api('GET', '/transports');

    const tables = await client.query<{ name: string }>(
      "SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables" +
        " WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')",
    );
    const dumps: string[] = [];
    for (const { name } of tables.rows) {
      const { rows } = await client.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      dumps.push(...rows.map(({ row }) => row));
    }
    const places = { answers: answers.join('\n'), log: app.logs.join('\n'), database: dumps.join('\n') };
    expect(places.answers).toContain('tokens');
    expect(places.log).toContain('ready');
    expect(places.database).toContain('tokens');
    const found = Object.entries(places).flatMap(([place, text]) =>
      [...marks, ...marks.map((mark) => Buffer.from(mark).toString('hex')), 'PRIVATE KEY']
        .filter((mark) => text.includes(mark))
        .map((mark) => `${place}: ${mark}`),
    );
    expect(found).toEqual([]);
  });
});
