import { startApp, type AppProcess } from '../support/app-process.js';
import { CallReceiver } from '../support/call-receiver.js';
import { runCli } from '../support/cli.js';
import { eventually } from '../support/wait-for.js';
import { rssOf, WebSite } from '../support/web-site.js';

interface Alarm {
  id: string;
  cause: string;
  subject: string;
  state: string;
  since: string;
  until: string | null;
  detail: Record<string, unknown>;
}
interface Mail {
  to: string;
  subject: string;
}

const OWNER = 'owner@harbour.example';

describe('alarms, from outside', () => {
  let app: AppProcess;
  let site: WebSite;
  let receiver: CallReceiver;

  beforeAll(async () => {
    site = await WebSite.open();
    receiver = await CallReceiver.start();
    app = await startApp({
      env: {
        FETCH_ALLOW: '127.0.0.1/32',
        ALARM_WEBHOOK_URL: receiver.url,
        ALARM_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
        OPERATOR_EMAIL: OWNER,
        OPERATOR_PASSWORD: 'a long pass phrase',
      },
    });
  });
  afterAll(async () => {
    await receiver.close();
    await site.close();
  });

  const listed = async (query = '') =>
    (await app.api<{ data: Alarm[]; nextCursor: string | null }>('GET', `/alarms${query}`)).body;

  it('are raised by themselves, told by mail, webhook and metrics, seen, and gone when it is mended', async () => {
    expect(await listed()).toEqual({ data: [], nextCursor: null });
    site.says('/tide.xml', rssOf([{ title: 'High tide', path: '/tide' }], 'The Tide'));
    const { body: feed } = await app.api<{ id: string }>('POST', '/feeds', { url: `${site.url}/tide.xml` });
    site.says('/tide.xml', 'broken', {}, 500);
    for (let turn = 0; turn < 3; turn++) await app.api('POST', `/feeds/${feed.id}/poll`);
    await app.restart(); // ticks at once
    const alarm = await eventually(async () => (await listed('?state=open')).data[0], { timeoutMs: 60_000 });
    expect(alarm).toMatchObject({ cause: 'feed_broken', subject: feed.id, state: 'open', until: null });
    expect(alarm.detail).toMatchObject({ name: 'The Tide' });

    const mails = await eventually(
      async () => {
        const all = (await (await app.fetch('/mailbox/messages')).json()) as Mail[];
        return all.length > 0 && all;
      },
      { timeoutMs: 30_000 },
    );
    expect(mails).toMatchObject([{ to: OWNER, subject: 'The feed The Tide cannot be read' }]);
    await eventually(() => receiver.calls.length === 1);
    expect(JSON.parse(receiver.calls[0]!.body)).toMatchObject({
      type: 'alarm.opened',
      data: { id: alarm.id, cause: 'feed_broken', subject: feed.id, state: 'open' },
    });

    const table = await runCli(app, ['alarms', 'list']);
    expect(table.output).toMatch(/feed_broken\s+The Tide/);
    const seen = await runCli(app, ['--json', 'alarms', 'seen', alarm.id]);
    expect(JSON.parse(seen.output)).toMatchObject({ id: alarm.id, state: 'seen' });
    expect((await listed('?state=open')).data).toEqual([]);
    expect((await listed('?state=seen')).data).toMatchObject([{ id: alarm.id }]);

    site.says('/tide.xml', rssOf([{ title: 'High tide', path: '/tide' }], 'The Tide'));
    await app.api('POST', `/feeds/${feed.id}/poll`);
    await app.restart();
    await eventually(async () => (await listed('?state=gone')).data[0]?.until, { timeoutMs: 60_000 });
    await eventually(() => receiver.calls.length === 2);
    expect(JSON.parse(receiver.calls[1]!.body)).toMatchObject({ type: 'alarm.gone', data: { id: alarm.id } });
  }, 180_000);

  it('refuse what is no state and what is no alarm', async () => {
    expect(await app.api('GET', '/alarms?state=loud')).toMatchObject({ status: 422 });
    expect(await app.api('POST', '/alarms/nonsense/seen')).toMatchObject({ status: 404 });
  });
});
