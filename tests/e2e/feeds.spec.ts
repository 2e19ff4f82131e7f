import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { eventually } from '../support/wait-for.js';
import { rssOf, WebSite } from '../support/web-site.js';

interface Feed {
  id: string;
  url: string;
  name: string;
  lastError: string | null;
  outcome: { status: string; counts: Record<string, number> };
}
interface Article {
  id: string;
  title: string;
  draft: boolean;
  feedId: string | null;
  slug: string;
}
interface Problem {
  code: string;
  errors: { field: string; code: string; message: string }[];
}

describe('feeds and imported pages, from outside', () => {
  let app: AppProcess;
  let site: WebSite;

  beforeAll(async () => {
    site = await WebSite.open();
    app = await startApp({ env: { FETCH_ALLOW: '127.0.0.1/32' } });
  });
  afterAll(() => site.close());

  const articles = async () => (await app.api<{ data: Article[] }>('GET', '/articles')).body.data;

  it('polls feeds by itself, the good beside the bad', async () => {
    const paths = ['/good.xml', '/hangs.xml', '/breaks.xml'];
    for (const path of paths) site.says(path, rssOf([{ title: 'Old', path: `${path}/old` }], path));
    const ids: string[] = [];
    for (const path of paths) {
      const made = await app.api<Feed>('POST', '/feeds', { url: site.url + path, everyMinutes: 5 });
      expect(made).toMatchObject({ status: 201, body: { name: path, lastError: null } });
      ids.push(made.body.id);
    }
    // The others: one that never answers, one that answers nonsense.
    site.pages.set('/hangs.xml', () => undefined);
    site.says('/breaks.xml', '\0<rss');
    site.says('/good.xml', rssOf([{ title: 'Ferry stays', path: '/good.xml/new' }]));
    for (const id of ids) await app.api('PATCH', `/feeds/${id}`, { enabled: false });
    for (const id of ids) await app.api('PATCH', `/feeds/${id}`, { enabled: true });
    await app.restart(); // ticks at once
    await eventually(async () => (await articles()).some(({ title }) => title === 'Ferry stays'), {
      timeoutMs: 30_000,
    });
    const feed = async (n: number) => (await app.api<Feed>('GET', `/feeds/${ids[n]}`)).body;
    await eventually(async () => (await feed(2)).lastError?.startsWith('This is not a feed'), {
      timeoutMs: 20_000,
    });
    await eventually(async () => (await feed(1)).lastError?.includes('did not answer'), {
      timeoutMs: 40_000,
    });
    expect((await articles()).filter(({ title }) => title === 'Old')).toEqual([]);
  }, 120_000);

  it('is told what is wrong with a URL', async () => {
    for (const path of ['/feeds', '/articles/import']) {
      for (const url of [
        'http://127.0.0.2/',
        'http://169.254.169.254/latest/',
        'http://[::1]/',
        'http://localhost.localdomain.invalid/',
        'file:///etc/passwd',
      ]) {
        const refused = await app.api<Problem>('POST', path, { url });
        expect(refused).toMatchObject({
          status: 422,
          body: { code: 'invalid_input', errors: [{ field: 'url' }] },
        });
      }
    }
    site.pages.set('/inside', (_, response) =>
      response.writeHead(302, { location: `http://localhost:${app.port}/api/v1/articles` }).end(),
    );
    const refused = await app.api<Problem>('POST', '/feeds', { url: `${site.url}/inside` });
    expect(['address_refused', 'http_status']).toContain(refused.body.errors[0]?.code);
  });

  it('imports a page as a draft, by CLI too', async () => {
    const words =
      '<p>The ferry stays, the council said on Monday, after a long night of talks at the quay and elsewhere.</p>'.repeat(
        8,
      );
    site.says(
      '/story',
      `<html><head><title>Ferry saved</title></head><body><article>${words}</article></body></html>`,
      { 'content-type': 'text/html' },
    );
    const made = await app.api<Article>('POST', '/articles/import', { url: `${site.url}/story` });
    expect(made).toMatchObject({ status: 201, body: { title: 'Ferry saved', draft: true, feedId: null } });
    expect((await app.fetch(`/a/${made.body.slug}`)).status).toBe(404);
    const known = await app.api<Article>('POST', '/articles/import', { url: `${site.url}/story` });
    expect(known).toMatchObject({ status: 200, body: { id: made.body.id } });
    const again = await runCli(app, ['articles', 'import', `${site.url}/story`]);
    expect(again).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${made.body.id}  Ferry saved  (draft)`) as string,
    });
    expect((await runCli(app, ['articles', 'release', made.body.id])).exitCode).toBe(0);
    expect((await app.fetch(`/a/${made.body.slug}`)).status).toBe(200);
  });

  it('is run by the CLI', async () => {
    await app.api('POST', '/topics', { name: 'Sport', slug: 'sport' });
    site.says('/cli.xml', rssOf([]));
    const added = await runCli(app, [
      'feeds',
      'add',
      `${site.url}/cli.xml`,
      '--name',
      'By hand',
      '--category',
      'Football=sport',
      '--every',
      '60',
    ]);
    expect(added).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('every 60 minutes') as string,
    });
    const [id = ''] = added.output.split(' ');
    site.says('/cli.xml', rssOf([{ title: 'Goal', path: '/goal', categories: ['football'] }]));
    expect((await runCli(app, ['feeds', 'poll', id])).output).toContain('ok, 1 added');
    expect((await runCli(app, ['feeds', 'list'])).output).toContain('By hand');
    expect((await runCli(app, ['feeds', 'add', 'http://10.0.0.1/'])).output).toContain(
      'not on the public internet',
    );
    expect((await runCli(app, ['feeds', 'delete', id])).output).toContain('deleted');
  });

  it('is in the OpenAPI document', async () => {
    const { paths } = (await (await app.fetch('/api/openapi.json')).json()) as {
      paths: Record<string, object>;
    };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/feeds',
        '/api/v1/feeds/{id}',
        '/api/v1/feeds/{id}/poll',
        '/api/v1/articles/import',
      ]),
    );
  });
});
