import { startApp, type AppProcess } from '../support/app-process.js';
import { EventReader } from '../support/event-source.js';
import { OperatorSession } from '../support/operator-session.js';
import { eventually } from '../support/wait-for.js';
import { Scenario, someAddress } from './scenario.js';

interface Bulk {
  id: string;
  state: string;
  matched: number;
  changed: number;
}

const PASSWORD = 'four words of no kind';

describe('something done to many readers, from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  beforeAll(async () => {
    app = await startApp();
    as = new Scenario(app);
  });

  it('is counted, done by the worker, told as it happens, noted, and undone', async () => {
    const events = await EventReader.open(`${app.url}/api/v1/events`, {
      authorization: `Bearer ${app.apiKey}`,
    });
    const readers = [];
    for (let i = 0; i < 3; i++) {
      readers.push(await as.activeReader(someAddress(), { attributes: { wave: 'spring' } }));
    }
    await as.activeReader(someAddress());
    const wanted = { action: 'suppress', filter: { attribute: ['wave:spring'] }, waitSeconds: 0 };
    const count = await app.api<Bulk>('POST', '/subscribers/bulk', { ...wanted, dryRun: true });
    expect([count.status, count.body]).toMatchObject([202, { id: null, state: 'dry_run', matched: 3 }]);
    const { body: bulk } = await app.api<Bulk>('POST', '/subscribers/bulk', { ...wanted, expect: 3 });
    const isIn = (state: string) =>
      eventually(
        async () => (await app.api<Bulk>('GET', `/subscribers/bulk/${bulk.id}`)).body.state === state,
        { what: state },
      );
    await isIn('done');
    await eventually(
      () => events.heard.some((one) => one.event === 'bulk.progress' && one.data.id === bulk.id),
      { what: 'an event of it' },
    );
    const suppressed = async () => {
      const { body } = await app.api<{ data: { suppressed: boolean }[] }>('GET', '/subscribers');
      return body.data.filter((row) => row.suppressed).length;
    };
    expect(await suppressed()).toBe(3);
    expect((await app.api('POST', `/subscribers/bulk/${bulk.id}/undo`)).status).toBe(200);
    await isIn('undone');
    expect(await suppressed()).toBe(0);
    const { body: audit } = await app.api<{ data: { action: string; subjectId: string | null }[] }>(
      'GET',
      '/audit',
    );
    expect(audit.data.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['POST /api/v1/subscribers/bulk', 'POST /api/v1/subscribers/bulk/:id/undo']),
    );
    expect(JSON.stringify(audit.data)).not.toContain('spring'); // nor any word that was looked for
    events.close();
  }, 60_000);

  it('is nothing for those who may not change readers; a session that ends takes its stream with it', async () => {
    await as.made('/operators', { email: 'numbers@post.example', role: 'analyst', password: PASSWORD });
    const analyst = new OperatorSession(app);
    await analyst.signIn('numbers@post.example', PASSWORD);
    const asked = { action: 'suppress', everybody: true, dryRun: true };
    expect((await analyst.api('POST', '/subscribers/bulk', asked)).status).toBe(403);
    expect((await analyst.api('GET', '/subscribers/bulk')).status).toBe(403);
    const stream = await EventReader.open(`${app.url}/api/v1/events`, { cookie: analyst.cookie });
    expect(stream.status).toBe(200);
    await eventually(() => stream.comments > 0, { timeoutMs: 40_000, what: 'a beat' });
    const { body } = await analyst.api<{ data: { id: string; isCurrent: boolean }[] }>('GET', '/sessions');
    const own = body.data.find((one) => one.isCurrent)!;
    await app.api('DELETE', `/sessions/${own.id}`);
    await stream.ended; // at the next beat
    const again = await EventReader.open(`${app.url}/api/v1/events`, { cookie: analyst.cookie });
    expect(again.status).toBe(401);
  }, 90_000);
});
