import { runCli } from '../support/cli.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { Scenario, someAddress } from './scenario.js';

const COUNTS =
  'frozen,accepted,deferred,failed,bounced,complained,unsubscribed,clicksPeople,clicksScanners,clicksMargin,clicksWithScanners';
/** Nobody's id. */
const NOBODY = '01a2042d-8c31-7139-a145-527ddf507136';

describe('stats from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let articleId: string;
  const get = (path: string, accept = '*/*') =>
    app.fetch(`/api/v1/stats${path}`, { headers: { authorization: `Bearer ${app.apiKey}`, accept } });

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
    const title = '=HYPERLINK("https://reader.example")';
    ({ id: articleId } = await as.article({ title }));
    const { id: digestId } = await as.made('/digests', { name: 'Daily' });
    await as.activeReader(someAddress(), { digests: [digestId] });
    const { id } = await as.draft(digestId, [articleId]);
    await as.sent(id);
  });

  it.each([
    ['/articles', 'key,name,', COUNTS],
    ['/topics?format=csv', 'key,', COUNTS],
    ['/editions?order=clicks&limit=3', 'key,name,', COUNTS],
    ['/providers', 'key,', COUNTS],
    ['/providers?by=day', 'at,', COUNTS],
    ['/audience?by=hour', 'at,', 'signUps,confirmed,left,bounced,complained'],
    [`/articles/:article?by=hour`, 'at,', COUNTS],
  ])('%s is CSV for who wants it', async (path, first, counts) => {
    const answer = await get(path.replace(':article', articleId), 'text/csv');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="stats-\w+\.csv"$/);
    expect(answer.headers.get('vary')).toMatch(/accept\b/i);
    expect((await answer.text()).split('\r\n')[0]).toBe(first + counts);
  });

  it('guards what a spreadsheet would run, and counts the mail of the article', async () => {
    const text = await (await get('/articles?format=csv')).text();
    expect(text.split('\r\n')[1]).toMatch(
      new RegExp(`^${articleId},"'=HYPERLINK\\(""https://reader\\.example""\\)",1,1,0,0,0,0,0,0,0,0,0$`),
    );
  });

  it('is JSON for everybody else, and a problem is one whatever was asked for', async () => {
    const answer = await get('/articles');
    expect(await answer.json()).toMatchObject({ data: [{ key: articleId, frozen: 1, accepted: 1 }] });
    expect(answer.headers.get('content-type')).toMatch('application/json');
    for (const [path, status] of [
      [`/articles/${NOBODY}`, 404],
      ['/articles?limit=0', 422],
      ['/articles?order=oldest', 422],
      ['/articles?from=2027-01-02T00:00:00Z&to=2027-01-01T00:00:00Z', 422],
    ] as const) {
      const refused = await get(path, 'text/csv');
      expect([path, refused.status]).toEqual([path, status]);
      expect(refused.headers.get('content-type')).toMatch('application/problem+json');
    }
  });

  it('is on the command line too, as a table, as JSON and as CSV', async () => {
    const table = await runCli(app, ['stats', 'article', articleId]);
    expect(table).toMatchObject({ exitCode: 0 });
    expect(table.output).toMatch(/^KEY +FROZEN +ACCEPTED/);
    expect(table.output).toMatch(/\nall +1 +1 +0/);
    const json = await runCli(app, ['--json', 'stats', 'editions', '--order', 'clicks', '--limit', '1']);
    expect(JSON.parse(json.output)).toMatchObject({ total: { accepted: 1 } });
    const csv = await runCli(app, ['stats', 'audience', '--by', 'day', '--csv']);
    expect(csv.output).toMatch(/^at,signUps,confirmed,left,bounced,complained\r\n/);
    expect((await runCli(app, ['stats', 'topic', NOBODY])).exitCode).not.toBe(0);
  });
});
