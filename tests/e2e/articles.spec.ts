import { startApp, type AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { Scenario, someAddress } from './scenario.js';

interface Article {
  id: string;
  slug: string;
  state: string;
  correction: string | null;
}
interface Correction {
  editions: { id: string; digestId: string }[];
  recipients: number;
}

describe('the life of an article, from outside', () => {
  let app: AppProcess;
  let as: Scenario;

  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
  });

  const state = async (id: string) => (await app.api<Article>('GET', `/articles/${id}`)).body.state;

  it('says where it stands', async () => {
    const { id } = await as.article({ draft: true });
    const states = [await state(id)];
    for (const change of [
      { draft: false, embargoUntil: '2999-01-01T00:00:00Z' },
      { embargoUntil: null, publishedAt: '2999-01-01T00:00:00Z' },
      { publishedAt: '2020-01-01T00:00:00Z' },
    ]) {
      states.push((await app.api<Article>('PATCH', `/articles/${id}`, change)).body.state);
    }
    states.push((await app.api<Article>('POST', `/articles/${id}/retract`)).body.state);
    expect(states).toEqual(['draft', 'embargoed', 'scheduled', 'published', 'retracted']);
    const wrong = await app.api<{ code: string }>('PATCH', `/articles/${id}`, { priority: 101 });
    expect(wrong).toMatchObject({ status: 422, body: { errors: [{ field: 'priority' }] } });
  });

  it('is corrected on its page and in the mail of those who had it, once for each call', async () => {
    const [reader, newcomer] = [someAddress(), someAddress()];
    await as.activeReader(reader);
    const { id: digestId } = await as.made('/digests', { name: 'The Log', isDefault: true });
    const article = await as.article({ title: 'The ferry leaves at eight' });
    await as.sent((await as.draft(digestId, [article.id])).id);
    await as.activeReader(newcomer);
    const page = async (query = '') => (await app.fetch(`/a/${article.slug}${query}`)).text();
    expect(await page()).not.toContain('class="correction"');
    const correct = async (note: string, key: string) => {
      const answer = await app.fetch(`/api/v1/articles/${article.id}/correct`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${app.apiKey}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify({ note }),
      });
      return { status: answer.status, body: (await answer.json()) as Correction };
    };
    const first = await correct('It leaves at <nine>.\nWe are sorry.', 'once');
    expect(first).toMatchObject({ status: 200, body: { editions: [{ digestId }], recipients: 1 } });
    expect((await correct('It leaves at <nine>.\nWe are sorry.', 'once')).body).toEqual(first.body);

    const mail = await as.mail(reader, /correct/i);
    expect(mail.text).toContain('It leaves at <nine>.');
    expect((await as.mails(reader)).filter(({ subject }) => /correct/i.test(subject))).toHaveLength(1);
    expect(await as.mails(newcomer)).toEqual([]);
    const shown = await page();
    expect(shown).toMatch(/<strong>Correction, \d+ \w+ \d{4}:<\/strong>/);
    expect(shown).toContain('It leaves at &lt;nine&gt;.\nWe are sorry.');
    expect(await page('?lang=de')).toMatch(/<strong>Korrektur, /);

    expect((await correct(' ', 'empty')).status).toBe(422);
    expect((await app.api('POST', '/articles/x/correct', { note: 'x' })).status).toBe(404);
    const more = await runCli(app, ['articles', 'correct', article.id, '--note', '-'], 'It leaves at ten.\n');
    expect(more).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('1 editions, about 1 readers') as string,
    });
  });

  it('is on pages that are sent once, and again when anything of them has changed', async () => {
    const [story, other] = [
      await as.article({ title: 'A pilot boat' }),
      await as.article({ title: 'A buoy' }),
    ];
    const { id: digestId } = await as.made('/digests', { name: 'The Chart' });
    const draft = await as.draft(digestId, [story.id, other.id]);
    await as.activeReader(someAddress(), { digests: [digestId] });
    await as.sent(draft.id);
    const archived = `/archive/${(await app.api<{ slug: string }>('GET', `/editions/${draft.id}`)).body.slug}`;
    const tags = new Map<string, string>();
    /** Asks as a browser that has kept what it got; the language is another page. */
    const ask = async (path: string, { language = 'en', method = 'GET' } = {}) => {
      const held = tags.get(path + language);
      const headers = { 'accept-language': language, ...(held ? { 'if-none-match': held } : {}) };
      const answer = await app.fetch(path, { headers, method });
      tags.set(path + language, answer.headers.get('etag') ?? '');
      return { status: answer.status, text: await answer.text() };
    };
    const statuses = (paths: string[], options = {}) =>
      Promise.all(paths.map(async (path) => (await ask(path, options)).status));
    const page = `/a/${story.slug}`;
    const all = [page, archived, '/', '/archive', '/archive/feed.xml'];

    expect(await statuses(all)).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(all)).toEqual([304, 304, 304, 304, 304]);
    expect(await statuses(all, { method: 'HEAD' })).toEqual([304, 304, 304, 304, 304]);
    expect((await ask(page, { language: 'de' })).status).toBe(200);

    await as.made(`/articles/${story.id}/correct`, { note: 'It was a tug.' });
    const corrected = await ask(page);
    expect([corrected.status, corrected.text]).toEqual([200, expect.stringContaining('It was a tug.')]);

    await app.api('POST', `/articles/${other.id}/retract`);
    const without = await ask(archived);
    expect([without.status, without.text]).toEqual([200, expect.not.stringContaining('A buoy')]);
    await app.api('PATCH', `/articles/${story.id}`, { embargoUntil: '2999-01-01T00:00:00Z' });
    expect(await statuses([page, archived])).toEqual([404, 410]);
    await app.api('PATCH', `/articles/${story.id}`, { embargoUntil: null });
    expect(await statuses([page, archived])).toEqual([200, 200]);
    expect(await statuses([page, archived])).toEqual([304, 304]);

    await as.made('/terms', { locale: 'en', text: 'Other terms.' });
    expect(await statuses([page, archived])).toEqual([200, 304]); // only the former has the form
    await app.api('PATCH', '/publication', { theme: { accentColor: '#006600' } });
    const look = await ask(page);
    expect([look.status, look.text]).toEqual([200, expect.stringContaining('#006600')]);
  });
});
