import { once } from 'node:events';
import { request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { runCli } from '../support/cli.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { eventually } from '../support/wait-for.js';
import { Scenario } from './scenario.js';

const OWNER = { email: 'owner@post.example', password: 'correct horse battery' };

/** An announced body of which not a byte is sent: who answers has not waited for it. */
function announced(app: AppProcess, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, app.url), { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
}

/** Sends a head, and then all of a body, whatever is answered meanwhile. */
async function poured(app: AppProcess, head: string[], body: string): Promise<Socket> {
  const socket = connect(app.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write([...head, `Host: 127.0.0.1:${app.port}`, '', ''].join('\r\n'));
  for (let at = 0; at < body.length; at += 65_536) {
    if (!socket.write(body.slice(at, at + 65_536))) await once(socket, 'drain');
  }
  return socket;
}

/** The status that is there to be read when the body has gone. */
async function statusOn(socket: Socket): Promise<number> {
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer.toString('latin1'))?.[1]);
}

describe('the front door', () => {
  let app: AppProcess;

  beforeAll(async () => {
    app = await startApp({
      env: { OPERATOR_EMAIL: OWNER.email, OPERATOR_PASSWORD: OWNER.password, SIGNUP_RATE: '20' },
    });
  });

  const json = { 'content-type': 'application/json' };

  it('answers who may not come in before the body is there', async () => {
    const length = { ...json, 'content-length': '60000' };
    expect(await announced(app, '/api/v1/articles', length)).toBe(401);
    const viewer = await new Scenario(app).made<{ key: string }>('/api-keys', { name: 'v', role: 'viewer' });
    const authorization = `Bearer ${viewer.key}`;
    expect(await announced(app, '/api/v1/articles', { ...length, authorization })).toBe(403);
  });

  it('reads no body that is sent to no address of ours', async () => {
    expect(await announced(app, '/api/v1/nothing', { ...json, 'content-length': '60000' })).toBe(404);
    expect(await announced(app, '/nothing', { ...json, 'transfer-encoding': 'chunked' })).toBe(404);
  });

  it('leads nobody to another site that a request names in its first line', async () => {
    for (const target of ['http://evil.example/archive', '//evil.example/archive']) {
      const socket = connect(app.port, '127.0.0.1');
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${app.port}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
      );
      const page = Buffer.concat(await socket.toArray()).toString();
      expect(page).toContain('<html');
      expect(page).not.toMatch(/href="(https?:)?\/\/evil\.example/);
    }
  });

  it('knows no reader by what can be no id', async () => {
    const authorization = `Bearer ${app.apiKey}`;
    for (const what of ['data', 'consents']) {
      const { status } = await app.fetch(`/api/v1/subscribers/%00/${what}`, { headers: { authorization } });
      expect(status).toBe(404);
    }
  });

  it.each([
    ['/subscribe', 'application/x-www-form-urlencoded'],
    ['/subscribe', 'application/json'],
    ['/subscribe', 'multipart/form-data; boundary=x'],
    ['/preferences/token', 'application/x-www-form-urlencoded'],
    ['/confirm/token', 'application/json'],
    ['/api/session', 'application/json'],
  ])('refuses more than 64 KB at %s as %s before it is read, and while it is', async (path, type) => {
    const headers = { 'content-type': type, 'x-requested-with': 'broadsheet' };
    expect(await announced(app, path, { ...headers, 'content-length': String(65 * 1024) })).toBe(413);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const pour = (async () => {
      for (let at = 0; at < 100; at++) await writer.write(new TextEncoder().encode('a='.repeat(4_096)));
      await writer.close();
    })().catch(() => undefined); // it hangs up on us
    const { status } = await fetch(new URL(path, app.url), {
      ...{ method: 'POST', body: readable, headers, duplex: 'half' as const },
    });
    await pour;
    expect(status).toBe(type.startsWith('multipart') ? 400 : 413);
  });

  it.each([
    ['/subscribe', 413],
    ['/api/v1/articles', 401],
  ])('at %s lets who pours a long body out read the %d, and ask again', async (path, status) => {
    const body = 'x'.repeat(4_000_000);
    const head = [`POST ${path} HTTP/1.1`, 'Content-Type: application/json'];
    const socket = await poured(app, [...head, `Content-Length: ${body.length}`], body);
    expect(await statusOn(socket)).toBe(status);
    socket.write(`GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    expect(await statusOn(socket)).toBe(200);
    socket.destroy();
  });

  it('lets who does not know how long their body is read the 413', async () => {
    const body = `${(200_000).toString(16)}\r\n${'x'.repeat(200_000)}\r\n0\r\n\r\n`;
    const head = ['POST /subscribe HTTP/1.1', 'Content-Type: application/json', 'Transfer-Encoding: chunked'];
    const socket = await poured(app, head, body);
    expect(await statusOn(socket)).toBe(413);
    socket.destroy();
  });

  it('hangs up on who was refused and does not end their body', async () => {
    const head = ['POST /api/v1/articles HTTP/1.1', 'Content-Length: 1000000'];
    const socket = await poured(app, head, 'x'.repeat(1_000));
    socket.on('error', () => undefined);
    expect(await statusOn(socket)).toBe(401);
    await once(socket, 'close');
  });

  it.each([
    ['names before spaces', `{${Array.from({ length: 20_000 }, (_, at) => `"k${at}" :1`).join(',')}}`, 413],
    ['values', `[${'{},'.repeat(500_000)}{}]`, 413],
    ['open brackets', '['.repeat(1_900_000), 400],
  ])('makes nothing of JSON with too many %s', async (_, body, status) => {
    const authorization = `Bearer ${app.apiKey}`;
    const asked = { method: 'POST', body, headers: { ...json, authorization } };
    expect((await app.fetch('/api/v1/articles', asked)).status).toBe(status);
  });

  it('makes nothing of a form with too many fields, and takes one with many', async () => {
    const post = (fields: number) =>
      app.fetch('/preferences/none', {
        ...{ method: 'POST', body: 'topics[]=a&'.repeat(fields) },
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      });
    expect((await post(3_000)).status).toBe(413);
    expect((await post(500)).status).toBe(404);
  });

  it('takes what an article needs, and no JSON of a hundred thousand names', async () => {
    const long = { title: 'Long', body: 'word '.repeat(150_000), format: 'text' };
    expect((await app.api('POST', '/articles', long)).status).toBe(201);
    const names = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 1]));
    expect((await app.api('POST', '/articles', names)).status).toBe(413);
    expect((await app.api('POST', '/topics', { name: 'x'.repeat(300_000) })).status).toBe(413);
  });

  it('one-click unsubscribe takes whatever is posted, however long', async () => {
    const body = `List-Unsubscribe=One-Click&${'x'.repeat(200_000)}`;
    expect((await app.fetch('/unsubscribe/none', { method: 'POST', body })).status).toBe(404);
  });

  it('signs in with the address and the password, and with neither after too many guesses', async () => {
    const signIn = (body: object) =>
      app.fetch('/api/session', {
        ...{ method: 'POST', body: JSON.stringify(body) },
        headers: { ...json, 'x-requested-with': 'broadsheet' },
      });
    expect((await signIn(OWNER)).status).toBe(200);
    for (let at = 0; at < 10; at++) expect((await signIn({ ...OWNER, password: 'guess' })).status).toBe(401);
    expect((await app.fetch('/api/session', { method: 'POST', body: '{}', headers: json })).status).toBe(403);
    const late = await signIn(OWNER);
    expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true]);
    await signIn({ apiKey: app.apiKey });
    expect((await signIn(OWNER)).status).toBe(429);
  });

  it('warns once that a proxy is there which is not trusted', async () => {
    const warnings = () => app.logs.filter((line) => line.includes('TRUST_PROXY is not set'));
    for (let at = 0; at < 2; at++) await app.fetch('/', { headers: { 'x-forwarded-for': '192.0.2.1' } });
    await eventually(() => warnings().length > 0);
    await app.fetch('/healthz');
    expect(warnings()).toHaveLength(1);
  });

  it('says on every answer what a browser may do with it', async () => {
    for (const path of ['/', '/api/v1/articles', '/admin', '/nothing']) {
      const { headers } = await app.fetch(path);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toContain('geolocation=()');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('compresses pages and files, and nothing that holds a token', async () => {
    const script = /\/admin\/assets\/[\w.-]+\.js/.exec(await (await app.fetch('/admin')).text())?.[0] ?? '';
    const encodingOf = async (path: string) => {
      const answer = await app.fetch(path, { headers: { accept: 'text/html', 'accept-encoding': 'br' } });
      await answer.text(); // throws when it is not what it says
      return [path, answer.headers.get('content-encoding'), answer.headers.get('vary')?.includes('ccept-')];
    };
    for (const path of ['/', '/subscribe', '/archive', '/assets/site.css', '/api/openapi.json', script]) {
      expect(await encodingOf(path)).toEqual([path, 'br', true]);
    }
    for (const path of ['/unsubscribe/x', '/preferences/x', '/confirm/x', '/mailbox', '/api/session']) {
      expect((await encodingOf(path)).slice(0, 2)).toEqual([path, null]);
    }
  });

  it('answers HEAD for a file, and 304 to whoever has it', async () => {
    const head = await app.fetch('/assets/site.css', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const etag = head.headers.get('etag') ?? '';
    const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' }; // fetch itself would say no-cache
    const again = await app.fetch('/assets/site.css', { headers });
    expect([again.status, again.headers.get('vary')]).toEqual([304, 'accept-encoding']);
  });

  it.each([
    '/admin/assets/nothing.js',
    '/admin/assets/..%2findex.html',
    '/assets/nothing.css',
    '/assets/..%2f..%2f..%2fpackage.json',
  ])('has nothing at %s', async (path) => {
    const answer = await app.fetch(path);
    expect([403, 404]).toContain(answer.status);
    expect(await answer.json()).toMatchObject({ status: answer.status });
  });

  it('has a security.txt', async () => {
    const answer = await app.fetch('/.well-known/security.txt');
    expect(answer.headers.get('content-type')).toMatch('text/plain');
    const lines = (await answer.text()).trim().split('\n');
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'Contact',
      'Expires',
      'Preferred-Languages',
      'Canonical',
    ]);
    const expires = Date.parse(lines[1]!.slice('Expires: '.length));
    expect(expires).toBeGreaterThan(Date.now());
    expect(expires).toBeLessThan(Date.now() + 365 * 86_400_000);
  });

  it('shows metrics to this machine alone, without a token', async () => {
    expect((await app.fetch('/metrics')).status).toBe(200);
    const { status } = await app.fetch('/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } });
    expect(status).toBe(401);
  });

  it('limits sign-ups before their body is there', async () => {
    const length = { ...json, 'content-length': '1000' };
    const answers: number[] = [];
    for (let at = 0; at < 25 && answers.at(-1) !== 429; at++) {
      answers.push((await app.fetch('/subscribe', { method: 'POST', body: '{}', headers: json })).status);
    }
    expect(answers.at(-1)).toBe(429);
    expect(await announced(app, '/subscribe', length)).toBe(429);
  });

  it('has its password replaced on the server, once it does not hold its folder', async () => {
    const env = { DATA_DIR: app.dataDir };
    const busy = await runCli(app, ['operators', 'set-password', OWNER.email], 'another horse entirely', env);
    expect(busy.exitCode).not.toBe(0);
    expect(busy.output).toMatch(/server is running.*Stop it/);
    await app.kill('SIGTERM');
    const done = await runCli(
      app,
      ['operators', 'set-password', OWNER.email],
      'another horse entirely\n',
      env,
    );
    expect(done).toMatchObject({ exitCode: 0, output: expect.stringContaining('is replaced') as string });
    const short = await runCli(app, ['operators', 'set-password', OWNER.email], 'short', env);
    expect(short.output).toMatch(/at least 12 characters/);
    expect(short.exitCode).not.toBe(0);
  });
});

describe('the front door behind a proxy', () => {
  let app: AppProcess;
  beforeAll(async () => {
    const owner = { OPERATOR_EMAIL: OWNER.email, OPERATOR_PASSWORD: OWNER.password };
    app = await startApp({ env: { ...owner, TRUST_PROXY: 'loopback' } });
  });

  const from = (ip: string, key?: string) =>
    app.fetch('/api/v1/topics', {
      headers: { 'x-forwarded-for': ip, ...(key ? { authorization: `Bearer ${key}` } : {}) },
    });
  const made = () =>
    new Scenario(app).made<{ key: string; id: string }>('/api-keys', { name: 'job', role: 'viewer' });

  it('refuses a revoked key after a while, and nobody else of its network', async () => {
    const [stale, fresh] = [await made(), await made()];
    expect((await from('192.0.2.1', stale.key)).status).toBe(200);
    expect((await app.api('DELETE', `/api-keys/${stale.id}`)).status).toBe(204);
    const answers: number[] = [];
    for (let at = 0; at < 400; at++) answers.push((await from('192.0.2.1', stale.key)).status);
    expect([answers[0], answers.at(-1)]).toEqual([401, 429]);
    expect((await from('192.0.2.1', fresh.key)).status).toBe(200);
  });

  it('refuses a network that tries many keys, but who was let in from it before', async () => {
    const [seen, fresh] = [await made(), await made()];
    expect((await from('192.0.2.2', seen.key)).status).toBe(200);
    const answers: number[] = [];
    for (let at = 0; at < 1_210; at++) answers.push((await from('192.0.2.2', `none-of-ours-${at}`)).status);
    expect([answers[0], answers.at(-1)]).toEqual([401, 429]);
    expect((await from('192.0.2.2', fresh.key)).status).toBe(429);
    expect((await from('192.0.2.2', seen.key)).status).toBe(200);
  });

  it('lets who has signed in before sign in, whatever others of their network have guessed', async () => {
    const signIn = async (ip: string, body: object) => {
      const headers = { 'content-type': 'application/json', 'x-requested-with': 'broadsheet' };
      const sent = {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { ...headers, 'x-forwarded-for': ip },
      };
      return (await app.fetch('/api/session', sent)).status;
    };
    expect(await signIn('192.0.2.3', OWNER)).toBe(200);
    const answers: number[] = [];
    for (let at = 0; at < 45; at++) {
      answers.push(await signIn('192.0.2.3', { email: `a${at}@post.example`, password: 'guess' }));
    }
    expect(answers).toEqual([...Array<number>(40).fill(401), ...Array<number>(5).fill(429)]);
    expect(await signIn('192.0.2.3', OWNER)).toBe(200);
  });
});
