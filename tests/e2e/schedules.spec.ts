import type { AppProcess } from '../support/app-process.js';
import { runCli } from '../support/cli.js';
import { ClockedApp } from '../support/clocked-app.js';
import { Scenario, someAddress, type Edition } from './scenario.js';

interface Slot {
  id: string;
  at: string;
  local: boolean;
  status: string;
  slotId: string | null;
  editionId: string | null;
  digestId: string;
}
interface Digest {
  id: string;
  schedule: object | null;
  nextAt: string | null;
}
interface Problem {
  code: string;
  state?: string;
  errors: { field: string; code: string; message: string }[];
}
type List<T> = { data: T[] };

/** What the app's clock shows at first: a day begins, so that sessions and links are not older than their time. */
const TODAY = new Date().setUTCHours(0, 0, 0, 0);
const HOUR_MS = 3_600_000;

describe('schedules, from outside', () => {
  let clocked: ClockedApp;
  let app: AppProcess;
  let scenario: Scenario;
  const operator = { email: 'chief@paper.example', password: 'a long enough password' };

  beforeAll(async () => {
    clocked = await ClockedApp.start(TODAY, {
      OPERATOR_EMAIL: operator.email,
      OPERATOR_PASSWORD: operator.password,
    });
    app = clocked.app;
    scenario = new Scenario(app);
  });

  const slots = async (status: string) =>
    (await app.api<List<Slot>>('GET', `/slots?status=${status}`)).body.data;

  it.each<[string, object, string, string]>([
    ['a cron that never fires', { schedule: { cron: '0 7 31 2 *' } }, 'schedule.cron', 'never_fires'],
    ['no cron', { schedule: { cron: 'daily' } }, 'schedule.cron', 'invalid_cron'],
    [
      'an unknown zone',
      { schedule: { cron: '0 7 * * *', timeZone: 'Mars/Olympus' } },
      'schedule.timeZone',
      'unknown_zone',
    ],
    ['a minimum over the maximum', { minArticles: 5, maxArticles: 2 }, 'minArticles', 'too_big'],
    ['a rule twice', { orderBy: ['pin', 'pin'] }, 'orderBy', 'duplicate'],
    ['an unknown article', { pinned: ['0190d0c0-0000-7000-8000-000000000000'] }, 'pinned.0', 'unknown'],
    ['an unknown language', { templates: { tlh: 'digest' } }, 'templates.tlh', 'unknown_locale'],
    ['an unknown template', { templates: { de: 'nowhere' } }, 'templates.de', 'unknown_template'],
    ['approval without minutes', { approval: {} }, 'approval.minutes', 'required'],
    ['nothing to say when empty', { whenEmpty: 'send' }, 'emptyText', 'required'],
  ])('says what is wrong with %s', async (_name, wrong, field, code) => {
    const refused = await app.api<Problem>('POST', '/digests', { name: 'Wrong', ...wrong });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'invalid_input', errors: [{ field, code }] },
    });
    const { body } = await app.api<List<{ name: string }>>('GET', '/digests');
    expect(body.data.map(({ name }) => name)).not.toContain('Wrong');
  });

  it('names the line of a template that does not compile', async () => {
    const template = '<mjml>\n  <mj-body>\n    {% if %}\n';
    const { status, body } = await app.api<Problem>('POST', '/digests', { name: 'Wrong', template });
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({
      field: 'template',
      message: expect.stringContaining('Line 3') as string,
    });
  });

  it('asks for a yes by mail, and sends at its time', async () => {
    const cron = '0 7 * * *';
    const at = new Date(TODAY + 7 * HOUR_MS).toISOString();
    const digest = await scenario.made<Digest>('/digests', {
      name: 'The Evening Brief',
      schedule: { cron, timeZone: 'UTC' },
      approval: { minutes: 30, otherwise: 'skip' },
    });
    expect(digest).toMatchObject({ schedule: { cron, timeZone: 'UTC', readerLocal: false }, nextAt: at });
    const reader = someAddress();
    await scenario.activeReader(reader);
    await scenario.article({ title: 'The bridge is open' });

    await clocked.at(TODAY + 6 * HOUR_MS, true);
    expect(await slots('open')).toEqual([]);
    await clocked.at(TODAY + 6.5 * HOUR_MS, true);
    const [open] = await slots('open');
    expect(open).toMatchObject({ digestId: digest.id, at, local: false });
    const id = open!.editionId!;
    const asked = await scenario.mail(operator.email, /waits for your yes/);
    expect(asked.text).toContain('The bridge is open');
    expect(asked.text).toContain(`/admin/editions/${id}`);
    expect(asked.source).not.toContain('List-Unsubscribe');

    const calendar = await app.api<List<Slot>>('GET', `/calendar?digestId=${digest.id}&from=${at}`);
    expect(calendar.body.data.slice(0, 2)).toMatchObject([
      { at, status: 'open', slotId: open!.id, editionId: id },
      { status: 'planned', slotId: null },
    ]);
    expect((await app.api('POST', `/editions/${id}/approve`)).body).toMatchObject({ approval: 'approved' });
    const again = await app.api<Problem>('POST', `/editions/${id}/approve`);
    expect(again).toMatchObject({ status: 409, body: { state: 'approved' } });
    await clocked.at(TODAY + 7 * HOUR_MS - 1, true);
    expect(await scenario.edition(id)).toMatchObject({ status: 'draft' });
    await clocked.at(TODAY + 7 * HOUR_MS, true);
    await scenario.untilSent(id);
    await scenario.mail(reader, /The bridge is open/);
    expect((await app.api<Slot>('GET', `/slots/${open!.id}`)).body).toMatchObject({
      status: 'fired',
      editionId: id,
    });
    expect((await app.api<Problem>('POST', `/slots/${open!.id}/skip`)).status).toBe(409);
    expect((await app.api<Edition>('GET', `/editions/${id}`)).body.counts.accepted).toBe(1);
  });

  it('is run by the CLI', async () => {
    const { id } = await scenario.made<Digest>('/digests', { name: 'By hand' });
    const set = await runCli(app, [
      'digests',
      'schedule',
      id,
      '0 7 * * MON-FRI',
      '--reader-local',
      '--approval',
      '60',
    ]);
    expect(set.output).toContain("0 7 * * MON-FRI, at each reader's local time");
    expect(set.output).toContain('asks 60 minutes before; without an answer: skip');
    const calendar = await runCli(app, ['calendar', '--digest', id, '--to', '2100-01-01T00:00:00Z']);
    expect(calendar).toMatchObject({ exitCode: 1, output: expect.stringContaining('366 days') as string });
    expect((await runCli(app, ['calendar', '--digest', id])).output).toMatch(
      /T07:00:00 \(reader's local\).*planned/,
    );
    expect((await runCli(app, ['digests', 'schedule', id, '--off', '--approval', 'none'])).output).toContain(
      'not scheduled',
    );
    expect((await runCli(app, ['slots', 'list', '--status', 'held'])).exitCode).toBe(0);
    expect((await runCli(app, ['slots', 'send', id])).output).toContain('There is no such slot');
    expect((await runCli(app, ['editions', 'approve', id])).output).toContain('There is no such edition');
  }, 120_000);

  it('is in the OpenAPI document', async () => {
    const { paths } = (await (await app.fetch('/api/openapi.json')).json()) as {
      paths: Record<string, object>;
    };
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/api/v1/calendar',
        '/api/v1/slots',
        '/api/v1/slots/{id}/send',
        '/api/v1/slots/{id}/skip',
        '/api/v1/editions/{id}/approve',
        '/api/v1/editions/{id}/decline',
      ]),
    );
  });
});
