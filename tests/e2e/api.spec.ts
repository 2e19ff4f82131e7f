import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '../support/cli.js';
import { makeFolder } from '../support/folders.js';
import { ROOT } from '../support/root.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { Scenario, someAddress } from './scenario.js';

interface Problem {
  status: number;
  code: string;
  state?: string;
  errors?: { field: string; message: string }[];
}

/** What the OpenAPI document says of each operation's input. */
interface Described {
  paths: Record<
    string,
    Record<
      string,
      {
        requestBody?: { content: Record<string, unknown> };
        parameters: { in: string; name: string }[];
      }
    >
  >;
}

/** The id of nothing: input is looked at first. */
const NOBODY = '01a2042d-8c31-7139-a145-527ddf507136';

describe('the operator API from outside', () => {
  let app: AppProcess;
  let as: Scenario;

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
  });

  it('asks for a key', async () => {
    const answer = await app.fetch('/api/v1/articles');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(((await answer.json()) as Problem).code).toBe('unauthorized');
  });

  it.each([
    ['/articles', { title: '', body: 'x', format: 'text' }, 'title'],
    ['/articles', { title: 'x', body: 'x', format: 'word' }, 'format'],
    ['/articles', { title: 'x', body: 'x', format: 'text', url: 'javascript:alert(1)' }, 'url'],
    ['/articles', { title: 'x', body: 'x', format: 'text', colour: 'red' }, 'colour'],
    ['/articles', { title: 'x', body: '<script>x</script>', format: 'html' }, 'body'],
    ['/digests', {}, 'name'],
    ['/digests', { name: 'x', minArticles: 5, maxArticles: 2 }, 'minArticles'],
    ['/digests', { name: 'x', subject: '{{ articles' }, 'subject'],
    ['/digests', { name: 'x', template: '../../etc/passwd' }, 'template'],
    ['/subscribers', { email: 'not an address' }, 'email'],
    ['/subscribers', { email: 'a@reader.example\r\nBcc: b@reader.example' }, 'email'],
    ['/subscribers', { email: 'someone@reader.example', status: 'active' }, 'consent'],
    ['/terms', { locale: 'en' }, 'text'],
    ['/topics', {}, 'name'],
    ['/suppressions', { email: '' }, 'email'],
    ['/api-keys', { name: 'x', role: 'king' }, 'role'],
  ])('refuses bad input to %s with a 422 that names the field', async (path, body, field) => {
    const answer = await app.api<Problem>('POST', path, body);
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(answer.body.errors?.map((error) => error.field)).toContain(field);
  });

  it('lifts a suppression for a reason only', async () => {
    const { id } = await as.made<{ id: string }>('/suppressions', { email: 'lifted@reader.example' });
    for (const body of [undefined, {}, { reason: ' ' }]) {
      const refused = await app.api<Problem>('DELETE', `/suppressions/${id}`, body);
      expect(refused.status).toBe(422);
      expect(refused.body.errors?.map(({ field }) => field)).toEqual(['reason']);
      expect(refused.body.errors?.[0]?.message).toContain('Say why');
    }
    const lifted = await app.api('DELETE', `/suppressions/${id}`, { reason: 'They asked for it.' });
    expect(lifted.status).toBe(204);
    expect((await app.api('DELETE', `/suppressions/${id}`, { reason: 'Again.' })).status).toBe(404);
  });

  it('knows 404, 409 with the state, 400 and 413', async () => {
    expect((await app.api('GET', '/articles/no-such-id')).status).toBe(404);
    expect((await app.api('GET', '/editions/01a2042d-8c31-7139-a145-527ddf507136')).status).toBe(404);
    expect((await app.api('GET', '/nothing')).status).toBe(404);

    const digest = await as.made('/digests', { name: 'States' });
    const article = await as.article();
    const edition = await as.draft(digest.id, [article.id]);
    const resumed = await app.api<Problem>('POST', `/editions/${edition.id}/resume`);
    expect([resumed.status, resumed.body.state]).toEqual([409, 'draft']);
    const empty = await as.draft(digest.id, []);
    expect((await app.api('POST', `/editions/${empty.id}/send`)).status).toBe(422);

    const headers = { authorization: `Bearer ${app.apiKey}`, 'content-type': 'application/json' };
    const broken = await app.fetch('/api/v1/articles', { method: 'POST', headers, body: '{"title":' });
    expect([broken.status, ((await broken.json()) as Problem).code]).toEqual([400, 'malformed']);
    const large = await app.fetch('/api/v1/articles', {
      method: 'POST',
      headers,
      body: `"${'x'.repeat(3_000_000)}"`,
    });
    expect([large.status, ((await large.json()) as Problem).code]).toEqual([413, 'too_large']);
  });

  it('does a POST once for an Idempotency-Key, and refuses the key for another request', async () => {
    const post = (body: unknown) =>
      app.fetch('/api/v1/topics', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${app.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': 'topic-once',
        },
        body: JSON.stringify(body),
      });
    const first = (await (await post({ name: 'Harbour' })).json()) as { id: string };
    const again = await post({ name: 'Harbour' });
    expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([201, first.id]);
    expect((await post({ name: 'Other' })).status).toBe(422);
  });

  it('pages through lists with a cursor', async () => {
    const emails = [someAddress(), someAddress(), someAddress()];
    for (const email of emails) await as.activeReader(email);
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const page = await app.api<{ data: { email: string }[]; nextCursor: string | null }>(
        'GET',
        `/subscribers?limit=2${query}`,
      );
      seen.push(...page.body.data.map((one) => one.email));
      cursor = page.body.nextCursor;
    } while (cursor);
    expect(seen).toEqual(expect.arrayContaining(emails));
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('keeps keys to their role, and ends a revoked one', async () => {
    const made = await as.made<{ id: string; key: string }>('/api-keys', { name: 'desk', role: 'viewer' });
    const use = (method: string, path: string) =>
      app.fetch(`/api/v1${path}`, { method, headers: { authorization: `Bearer ${made.key}` } });
    expect((await use('GET', '/articles')).status).toBe(200);
    expect((await use('POST', '/topics')).status).toBe(403);
    expect((await app.api('DELETE', `/api-keys/${made.id}`)).status).toBe(204);
    expect((await use('GET', '/articles')).status).toBe(401);
  });

  it('describes itself in OpenAPI 3.1, every endpoint with its answers', async () => {
    const document = (await (await app.fetch('/api/openapi.json')).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { responses: Record<string, unknown> }>>;
    };
    expect(document.openapi).toBe('3.1.0');
    for (const path of [
      '/publication',
      '/terms',
      '/topics/{id}',
      '/articles',
      '/articles/{id}/retract',
      '/digests/{id}/editions',
      '/editions/{id}/preview',
      '/editions/{id}/send',
      '/subscribers/import',
      '/subscribers/{id}/data',
      '/suppressions',
      '/templates/check',
      '/api-keys',
      '/transports',
      '/transports/{id}/test',
      '/transports/{id}/dkim/{selector}',
    ]) {
      expect(Object.keys(document.paths)).toContain(`/api/v1${path}`);
    }
    for (const operations of Object.values(document.paths)) {
      for (const operation of Object.values(operations))
        expect(Object.keys(operation.responses)).toContain('401');
    }
    expect((await app.fetch('/api/docs')).status).toBe(200);
  });

  it('checks every body and every query before anything else', async () => {
    const document = (await (await app.fetch('/api/openapi.json')).json()) as Described;
    const send = async (method: string, path: string, body?: string) => {
      const response = await app.fetch(path.replace(/\{\w+\}/g, NOBODY), {
        method: method.toUpperCase(),
        headers: {
          authorization: `Bearer ${app.apiKey}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
      });
      return { status: response.status, problem: (await response.json()) as { errors?: object[] } };
    };
    let bodies = 0;
    let queries = 0;
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const [method, { requestBody, parameters }] of Object.entries(operations)) {
        const call = `${method} ${path}`;
        if (requestBody?.content['application/json']) {
          bodies += 1;
          for (const rubbish of ['{"rubbish":1}', '"rubbish"', '[]']) {
            const { status, problem } = await send(method, path, rubbish);
            expect([call, rubbish, status, (problem.errors ?? []).length > 0]).toEqual([
              call,
              rubbish,
              422,
              true,
            ]);
          }
          expect([call, (await send(method, path, '{"rubbish":')).status]).toEqual([call, 400]);
        }
        const names = parameters.filter((one) => one.in === 'query').map((one) => one.name);
        if (names.length === 0) continue;
        queries += 1;
        const query = ['rubbish', ...names].map((name) => `${name}=rubbish`).join('&');
        const { status, problem } = await send(method, `${path}?${query}`);
        expect([call, query, status, (problem.errors ?? []).length > 0]).toEqual([call, query, 422, true]);
      }
    }
    expect(bodies).toBeGreaterThan(25);
    expect(queries).toBeGreaterThan(15);
  }, 120_000);

  it('previews an edition in all formats, with links that act on nobody', async () => {
    const digest = await as.made('/digests', { name: 'Preview' });
    const edition = await as.draft(digest.id, [(await as.article()).id]);
    const preview = async (format: string) =>
      (await app.api<string>('GET', `/editions/${edition.id}/preview?format=${format}`)).body;
    expect(await preview('html')).toContain('The lighthouse has a new keeper');
    expect(await preview('text')).toContain('“I like the quiet,” she said.');
    expect(await preview('mjml')).toContain('<mjml');
    expect(await preview('eml')).toMatch(/^List-Unsubscribe: <.*\/unsubscribe\/preview>\r?$/m);
  });

  it('checks a template without storing it, also from the command line', async () => {
    const example = await readFile(join(ROOT, 'docs/templates.md'), 'utf8');
    const good = /```mjml\n([\s\S]*?)```/.exec(example)![1]!;
    const bad = good.replace('{{ mark.count }}', '{{ articles.size }}');
    const line = bad.slice(0, bad.indexOf('{{ articles.size }}')).split('\n').length;
    const check = (body: object) => app.api<object>('POST', '/templates/check', body);
    expect(await check({ template: good, locale: 'ar' })).toMatchObject({
      status: 200,
      body: { accepted: true, problems: [] },
    });
    const problem = { line, code: 'depends_on_articles' };
    expect(await check({ template: bad, kind: 'alert' })).toMatchObject({
      status: 200,
      body: { accepted: false, problems: [problem] },
    });
    expect(await check({ template: 'nope' })).toMatchObject({ body: { problems: [{ line: null }] } });
    for (const wrong of [{ template: good, locale: 'xx' }, { template: good, kind: 'x' }, {}]) {
      expect((await check(wrong)).status).toBe(422);
    }

    const folder = await makeFolder();
    const file = (name: string) => join(folder.path, name);
    await writeFile(file('good.mjml'), good);
    await writeFile(file('bad.mjml'), `*|UNSUB|*\n${bad}{{ UnsubscribeURL }}`);
    const cli = (...args: string[]) => runCli(app, ['templates', 'check', ...args]);
    expect(await cli(file('good.mjml'), '--locale', 'de')).toMatchObject({
      exitCode: 0,
      output: `${file('good.mjml')} is all right.\n`,
    });
    const refused = await cli(file('bad.mjml'));
    expect(refused.exitCode).toBe(1);
    expect(refused.output.trim().split('\n')).toEqual([
      expect.stringContaining(
        'bad.mjml: Line 1: *|UNSUB|* is a name of Mailchimp. Here it is {{ slot.unsubscribeUrl }}.',
      ),
      expect.stringContaining('is a name of listmonk'),
    ]);
    expect((await cli(file('none.mjml'))).exitCode).toBe(1);
    await folder.remove();
  });

  it('imports readers without a statement of consent as pending, and asks each to confirm', async () => {
    const email = someAddress();
    const headers = { authorization: `Bearer ${app.apiKey}`, 'content-type': 'text/csv' };
    const body = `email,status\n${email},\n${someAddress()},active\n`;
    const answer = await app.fetch('/api/v1/subscribers/import', { method: 'POST', headers, body });
    expect(await answer.json()).toMatchObject({
      imported: 1,
      errors: [{ line: 3, field: 'status', code: 'needs_consent' }],
    });
    expect(await as.statusOf(email)).toBe('pending');
    const half = await app.fetch('/api/v1/subscribers/import?source=x', { method: 'POST', headers, body });
    expect(half.status).toBe(422);
  });

  it('exports what it imported, and erases on demand but keeps the proof', async () => {
    const [a, b] = [someAddress(), someAddress()];
    const headers = { authorization: `Bearer ${app.apiKey}`, 'content-type': 'text/csv' };
    const answer = await app.fetch('/api/v1/subscribers/import?source=fair&terms=accepted', {
      method: 'POST',
      headers,
      body: `email,name\n${a},=cmd|x\n${b},Bo\nbroken,Nobody\n`,
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      imported: 2,
      skipped: 1,
      errors: [{ line: 4, field: 'email' }],
    });
    const csv = await (await app.fetch('/api/v1/subscribers/export', { headers })).text();
    expect(csv).toContain(a);
    expect(csv).not.toMatch(/(^|,)"?=cmd/m);

    const { body } = await app.api<{ data: { id: string }[] }>(
      'GET',
      `/subscribers?email=${encodeURIComponent(a)}`,
    );
    const id = body.data[0]?.id ?? '';
    expect(JSON.stringify((await app.api('GET', `/subscribers/${id}/data`)).body)).toContain(a);
    expect((await app.api('DELETE', `/subscribers/${id}`)).status).toBe(204);
    expect((await app.api('GET', `/subscribers/${id}`)).status).toBe(404);
    expect((await app.api('GET', '/consents/verify')).body).toMatchObject({ ok: true });
  });

  it('logs no address and no key', async () => {
    const email = someAddress();
    await as.signUp(email);
    await as.mail(email, /confirm/i);
    const logs = app.logs.join('\n');
    expect(logs).not.toContain(email);
    expect(logs).not.toContain(app.apiKey);
  });
});
