import { eventually } from '../support/wait-for.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { pathIn, Scenario, someAddress } from './scenario.js';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const BOX = /<input[^>]*name="purposes"[^>]*value="measurement"[^>]*>/;

describe('readers who agree to be measured, from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let digestId: string;
  const email = someAddress();
  let id: string;
  let preferences: string;
  let paths: string[];
  let picture: string;
  let messageId: string;
  let editionId: string;

  beforeAll(async () => {
    app = await startApp({ env: { LOG_LEVEL: 'trace', HARD_BOUNCE_LIMIT: '1' } });
    as = new Scenario(app);
    ({ id: digestId } = await as.made('/digests', { name: 'The Morning Brief', subject: 'Brief' }));
  });

  const page = async (path: string) => (await app.fetch(path, { headers: { accept: 'text/html' } })).text();
  const post = (path: string, fields: Record<string, string>) =>
    app.fetch(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: { accept: 'text/html' },
      redirect: 'manual',
    });
  const ask = (path: string, init: { method?: string; headers?: Record<string, string> } = {}) =>
    app.fetch(path, { redirect: 'manual', ...init, headers: { 'user-agent': BROWSER, ...init.headers } });
  const clicks = async () =>
    (
      await app.api<{ data: { editionId: string; pictures: unknown; clicks: { count: number }[] }[] }>(
        'GET',
        `/subscribers/${id}/clicks`,
      )
    ).body.data;

  it('are asked while the publication measures with consent, and never in advance', async () => {
    const { slug } = await as.article();
    const measures = async (measure: string) => {
      await app.api('PATCH', '/publication', { measure });
      // Processes go on with an older reading for a second.
      return eventually(
        async () =>
          (await page('/embed.js')).includes('"measurement":null') !== (measure === 'consented') || undefined,
        { what: `the site to know ${measure}` },
      );
    };
    for (const measure of ['none', 'totals']) {
      await measures(measure);
      for (const path of ['/subscribe', `/a/${slug}`]) expect(await page(path)).not.toMatch(BOX);
    }
    await measures('consented');
    for (const path of ['/subscribe', `/a/${slug}`]) {
      const [box] = BOX.exec(await page(path))!;
      expect(box).not.toContain('checked');
    }
    expect(await page('/embed.js')).toContain('I also agree that you see which links');
  });

  it('agree with the form, and by their confirmation', async () => {
    const wrong = await (await as.signUp('nobody', { purposes: 'measurement' })).text();
    expect(BOX.exec(wrong)![0]).toContain('checked'); // what was ticked is not lost to an error
    await as.signUp(email, { purposes: 'measurement' });
    const mail = await as.mail(email, /confirm/i);
    const confirmation = pathIn(mail, 'confirm');
    expect(await page(confirmation)).toContain('You also ticked');
    const shown = await app.api<{ data: { id: string; measuredSince: string | null }[] }>(
      'GET',
      `/subscribers?email=${email}`,
    );
    expect(shown.body.data[0]!.measuredSince).toBeNull();
    id = shown.body.data[0]!.id;
    await post(confirmation, {});
    expect(
      (await app.api<{ measuredSince: unknown }>('GET', `/subscribers/${id}`)).body.measuredSince,
    ).toMatch(/^\d/);
    const consents = await app.api<{ data: { kind: string; purposes: string[] }[] }>(
      'GET',
      `/subscribers/${id}/consents`,
    );
    expect(consents.body.data.map(({ kind, purposes }) => [kind, purposes.includes('measurement')])).toEqual([
      ['confirmed', true],
      ['given', true],
    ]);
  });

  it('refuse purposes that there are not', async () => {
    const answer = await app.fetch('/subscribe', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        email: someAddress(),
        terms: 'accepted',
        purposes: ['newsletter', 'advertising'],
      }),
    });
    expect(answer.status).toBe(422);
  });

  it('get links of their own, and others do not', async () => {
    const other = someAddress();
    await as.activeReader(other, { digests: [digestId] });
    const article = await as.article({ url: 'https://post.example/keeper' });
    ({ id: editionId } = await as.draft(digestId, [article.id]));
    await as.sent(editionId);
    const theirs = await as.mail(email, /Brief/);
    paths = [...String(theirs.html).matchAll(/href="https?:\/\/[^/"]+(\/l\/[\w.-]+)"/g)].map(
      ([, path]) => path!,
    );
    expect(paths.every((path) => /^\/l\/[\w-]{47}\.[\w-]{43}$/.test(path))).toBe(true);
    picture = /src="https?:\/\/[^/"]+(\/o\/[\w.-]+)"/.exec(String(theirs.html))![1]!;
    preferences = pathIn(theirs, 'preferences');
    messageId = theirs.messageId!;
    const ours = await as.mail(other, /Brief/);
    expect(String(ours.html)).not.toMatch(/\/o\/|\/l\/[\w-]+\./);
  });

  it('are led on, and what they do is stored', async () => {
    const answer = await ask(paths[1]!);
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://post.example/keeper']);
    for (const method of ['GET', 'HEAD']) {
      const image = await ask(picture, { method });
      expect(image.status).toBe(200);
      expect(Object.fromEntries(image.headers)).toMatchObject({
        'content-type': 'image/gif',
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'cross-origin',
      });
      expect(image.headers.get('set-cookie')).toBeNull();
      if (method === 'GET')
        expect(Buffer.from(await image.arrayBuffer()).toString('latin1')).toMatch(/^GIF89a/);
    }
    const proxy = await ask(picture, { headers: { 'user-agent': 'Mozilla/5.0' } });
    const none = await ask('/o/nothing');
    expect([proxy.status, none.status]).toEqual([200, 200]);
    await app.restart();
    expect(await clicks()).toMatchObject([
      {
        editionId,
        pictures: { opened: 1, prefetched: 1 },
        clicks: [{ url: 'https://post.example/keeper', count: 1 }],
      },
    ]);
    const links = await app.api<{ measured: unknown }>('GET', `/editions/${editionId}/links`);
    expect(links.body.measured).toEqual({ readers: 1, openedBy: 1, clickedBy: 1, prefetched: 0 });
    const data = await app.api<{ measured: { clicks: unknown[] } }>('GET', `/subscribers/${id}/data`);
    expect(data.body.measured.clicks).toHaveLength(1);
    const log = app.logs.join('\n');
    expect(log).not.toContain(paths[1]!.split('.')[1]);
    expect(log).not.toContain(picture.slice(3));
  });

  it('withdraw with their preferences: links go on working, and nothing is stored', async () => {
    expect(BOX.exec(await page(preferences))![0]).toContain('checked');
    const saved = await post(preferences, { action: 'save', asked: 'measurement', askedIn: 'en' });
    expect(saved.status).toBe(303);
    expect(BOX.exec(await page(preferences))![0]).not.toContain('checked');
    expect(await clicks()).toEqual([]);
    expect((await ask(paths[0]!)).status).toBe(302);
    await ask(picture);
    await app.restart();
    expect(await clicks()).toEqual([]);
    const consents = await app.api<{ data: { kind: string; purposes: string[] }[] }>(
      'GET',
      `/subscribers/${id}/consents`,
    );
    expect(consents.body.data[0]).toMatchObject({ kind: 'withdrawn', purposes: ['measurement'] });
    // A page that did not ask says nothing of it.
    await post(preferences, { action: 'save', asked: 'measurement', askedIn: 'en', purposes: 'measurement' });
    await post(preferences, { action: 'save', name: 'Ann' });
    expect(BOX.exec(await page(preferences))![0]).toContain('checked');
  });

  it('withdraw by the same link when their mailbox is no more, and no form is left', async () => {
    const report = await app.fetch('/api/v1/feedback/messages', {
      method: 'POST',
      headers: { authorization: `Bearer ${app.apiKey}`, 'content-type': 'message/rfc822' },
      body: bounceOf(email, messageId),
    });
    expect(await report.json()).toMatchObject({ kind: 'bounce', results: [{ action: 'suppressed' }] });
    expect(await as.statusOf(email)).toBe('bounced');
    const measuredSince = async () =>
      (await app.api<{ measuredSince: unknown }>('GET', `/subscribers/${id}`)).body.measuredSince;
    expect(await measuredSince()).not.toBeNull();
    expect(await page(preferences)).toContain('value="unmeasure"');
    const done = await post(preferences, { action: 'unmeasure' });
    expect([done.status, await measuredSince()]).toEqual([303, null]);
    expect(await page(preferences)).not.toContain('value="unmeasure"');
  });
});

/** A server says that there is no such mailbox, of a mail of ours. */
function bounceOf(address: string, messageId: string): string {
  return [
    'From: Mail Delivery System <mailer-daemon@post.example>',
    'Subject: Undelivered mail',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary=part',
    '',
    '--part',
    'Content-Type: text/plain',
    '',
    'Your message could not be delivered.',
    '--part',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.post.example',
    '',
    `Final-Recipient: rfc822; ${address}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
    '--part',
    'Content-Type: text/rfc822-headers',
    '',
    `To: ${address}`,
    `Message-ID: ${messageId}`,
    '',
    '--part--',
    '',
  ].join('\r\n');
}
