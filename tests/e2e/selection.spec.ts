import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { eventually } from '../support/wait-for.js';
import { Scenario } from './scenario.js';

interface Told {
  frozen: boolean;
  sent: boolean;
  reader: { code: string };
  articles: { id: string; verdict: string; reason: string; edition: { id: string } | null }[];
}

interface Planned {
  subject: string;
  empty: number;
  waves: { recipients: number; variants: { articleIds: string[] }[] }[];
  reader: Told | null;
}

describe('what goes to whom, and why, from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let digestId: string;
  let readerId: string;
  const articleIds: string[] = [];

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
    for (const name of ['Harbour', 'Sport']) await as.made('/topics', { name });
    digestId = (await as.made('/digests', { name: 'The Morning Brief' })).id;
    readerId = (await as.activeReader(undefined, { topics: ['harbour'] })).id;
    for (const [title, topic] of [
      ['The lamp is lit', 'harbour'],
      ['Rovers lose again', 'sport'],
    ] as const) {
      articleIds.push((await as.article({ title, topics: [topic] })).id);
    }
  });

  const explain = (editionId: string, subscriberId = readerId) =>
    app.api<Told>('GET', `/editions/${editionId}/explain?subscriberId=${subscriberId}`);
  const plan = (body: unknown) => app.api<Planned>('POST', `/digests/${digestId}/plan`, body);

  it('plans, sends, and explains what was sent', async () => {
    const planned = await plan({ subscriberId: readerId });
    expect(planned.status).toBe(200);
    expect(planned.body).toMatchObject({ subject: 'The lamp is lit', empty: 0 });
    expect(planned.body.waves).toMatchObject([
      { recipients: 1, variants: [{ articleIds: [articleIds[0]] }] },
    ]);
    expect(planned.body.reader?.reader.code).toBe('hour');

    const draft = await as.draft(digestId, articleIds);
    expect((await explain(draft.id)).body).toMatchObject({ frozen: false, sent: false });
    await as.sent(draft.id);
    const { body } = await explain(draft.id);
    expect(body).toMatchObject({ frozen: true, sent: true, reader: { code: 'due' } });
    expect(body.articles.map(({ id, verdict }) => [id, verdict])).toEqual([
      [articleIds[0], 'sent'],
      [articleIds[1], 'not_on_chosen_topics'],
    ]);
    expect(JSON.stringify(body)).not.toContain('@');

    const next = await plan({ subscriberId: readerId });
    expect(next.body).toMatchObject({ empty: 1, waves: [{ recipients: 0 }] });
    expect(next.body.reader?.articles.find(({ id }) => id === articleIds[0])).toMatchObject({
      verdict: 'had_before',
      edition: { id: draft.id },
    });

    const told = await runCli(app, ['editions', 'explain', draft.id, '--subscriber', readerId]);
    expect([told.exitCode, told.output]).toEqual([
      0,
      expect.stringMatching(/not_on_chosen_topics\s+Rovers lose again/),
    ]);
    const foretold = await runCli(app, ['digests', 'plan', digestId]);
    expect([foretold.exitCode, foretold.output]).toEqual([
      0,
      expect.stringContaining('1 readers would get nothing'),
    ]);
  });

  it('sends nothing when the subject fails on one reader, and says which line', async () => {
    const digest = await as.made('/digests', { name: 'Two Stories', subject: '{{ articles[1].title }}' });
    const wish = { digests: [digest.id], topics: ['harbour'] };
    await as.activeReader(undefined, wish);
    const stories = [
      (await as.article({ title: 'One', topics: ['harbour'] })).id,
      (await as.article({ title: 'Two', topics: ['sport'] })).id,
    ];
    const draft = await as.draft(digest.id, stories);
    await as.made(`/editions/${draft.id}/send`);
    const failed = await eventually(
      async () => {
        const edition = await as.edition(draft.id);
        return edition.status === 'failed' ? edition : undefined;
      },
      { timeoutMs: 30_000, what: 'the edition to fail' },
    );
    expect(failed.statusReason).toContain('Line 1');
    expect(failed.counts.recipients).toBe(0);
    expect((await explain(draft.id)).body.reader.code).toBe('stopped');
  });

  it('knows 404 and 422', async () => {
    const unknown = '01a2042d-8c31-7139-a145-527ddf507136';
    const draft = await as.draft(digestId, articleIds);
    const statuses = [
      await explain(unknown),
      await explain(draft.id, unknown),
      await app.api('GET', `/editions/${draft.id}/explain`),
      await app.api('POST', `/digests/${unknown}/plan`, {}),
      await plan({ at: 'soon' }),
      await plan({ at: '2020-01-01T00:00:00Z' }),
      await plan({ colour: 'red' }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([404, 404, 422, 404, 422, 422, 422]);
  });
});
