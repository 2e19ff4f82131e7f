import { startApp, type AppProcess } from '../support/app-process.js';
import { EventReader } from '../support/event-source.js';
import { makeBarePostgres, type BarePostgres } from '../support/stores.js';
import { eventually } from '../support/wait-for.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const KEY = 'an-owner-key-of-the-tests-that-is-long-enough';

const listen = (app: AppProcess, lastEventId?: string, key = app.apiKey) =>
  EventReader.open(`${app.url}/api/v1/events`, {
    authorization: `Bearer ${key}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  });

const draft = async (app: AppProcess, title: string) => {
  const article = await app.api<{ id: string }>('POST', '/articles', {
    title,
    body: 'It happened.',
    format: 'text',
  });
  const digest = await app.api<{ id: string }>('POST', '/digests', { name: title });
  const made = await app.api<{ id: string }>('POST', `/digests/${digest.body.id}/editions`, {
    articleIds: [article.body.id],
  });
  return made.body.id;
};
const tells = (reader: EventReader, event: string, id: string) =>
  eventually(() => reader.heard.some((one) => one.event === event && one.data.id === id), {
    what: `${event} ${id}`,
  });

describe('what happens, as it happens, from outside', () => {
  it('survives a restart of the embedded process, and says nothing but ids', async () => {
    const app = await startApp();
    const reader = await listen(app);
    expect(reader.status).toBe(200);
    expect(reader.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(reader.headers.get('content-encoding')).toBeNull();
    const first = await draft(app, 'High tide');
    await tells(reader, 'edition.changed', first);
    await app.api('PATCH', `/editions/${first}`, { subject: 'Another' });
    await tells(reader, 'draft.changed', first);
    const last = reader.lastId!;
    const stopped = await app.kill('SIGTERM');
    expect(stopped.code).toBe(0);
    await reader.ended;
    await app.restart();
    const second = await draft(app, 'Low tide');
    const back = await listen(app, last);
    await tells(back, 'edition.changed', second);
    expect(back.heard.map((one) => one.event)).not.toContain('reset');
    expect(back.heard.every((one) => Object.keys(one.data).sort().join() === 'at,id')).toBe(true);
    const lost = await listen(app, 'nonsense');
    await eventually(() => lost.heard[0]?.event === 'reset');
    for (const one of [back, lost]) one.close();
  });

  it('needs a key, and ends with it', async () => {
    const app = await startApp();
    expect((await EventReader.open(`${app.url}/api/v1/events`, {})).status).toBe(401);
    const { body: made } = await app.api<{ id: string; key: string }>('POST', '/api-keys', {
      name: 'a desk',
      role: 'analyst',
    });
    const reader = await listen(app, undefined, made.key);
    expect(reader.status).toBe(200);
    await eventually(() => reader.comments > 0, { timeoutMs: 40_000 });
    await app.api('DELETE', `/api-keys/${made.id}`);
    await reader.ended; // at the next beat
  });

  describe('with two processes on PostgreSQL', () => {
    let postgres: BarePostgres;
    beforeAll(async () => {
      postgres = await makeBarePostgres();
    });
    afterAll(() => postgres.remove());

    it('is heard in the one that it did not happen in, and goes on there', async () => {
      const env = { DATABASE_URL: postgres.ownerUrl, APP_SECRET: SECRET, OPERATOR_API_KEY: KEY };
      const one = await startApp({ app: 'web', env });
      const other = await startApp({ app: 'web', env });
      const [here, there] = [await listen(one), await listen(other)];
      const first = await draft(one, 'High tide');
      await tells(here, 'edition.changed', first);
      await tells(there, 'edition.changed', first);
      const last = here.lastId!;
      await one.kill('SIGKILL');
      await here.ended;
      const second = await draft(other, 'Low tide');
      const moved = await listen(other, last);
      await tells(moved, 'edition.changed', second);
      expect(moved.heard.map((event) => event.data.id)).not.toContain(first);
      for (const reader of [there, moved]) reader.close();
      await other.stop();
    });
  });
});
