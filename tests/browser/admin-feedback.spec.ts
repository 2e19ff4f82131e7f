import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { Scenario } from '../e2e/scenario.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { seriousFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { bounceMail, complaintMail, holidayNote } from '../support/returned-mail.js';
import { eventually } from '../support/wait-for.js';
import { rssOf, WebSite } from '../support/web-site.js';

type List<T> = { data: T[] };
interface Delivery {
  subscriberId: string;
  messageId: string;
}

const PATIENCE_MS = 15_000;
const START_MS = 120_000;
/** A name, or a server's words, as somebody writes them who wants to run something in an operator's browser. */
const EVIL = '<img src=x onerror="window.owned=1">';
const READERS = 8;
const BLOCKED_WORDS = '550 5.7.1 Message refused: poor reputation of the sending address';
const TO = 'news@harbour.example';
const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** What operators see of what came back: numbers, bounces, alarms, deliverability. */
describe('the operator UI, of what comes back', () => {
  let app: AppProcess;
  let as: Scenario;
  let browser: Browser;
  let page: Page;
  let web: WebSite;
  let editionId: string;
  let articleId: string;
  /** In the order of their addresses. */
  const readers: { id: string; email: string }[] = [];
  const messageIds = new Map<string, string>();
  /** What the browser refused or a page threw. */
  const complaints: string[] = [];
  const outside: string[] = [];

  const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
  const section = (name: string | RegExp) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true, level: 2 }) });
  const table = (name: string) => page.getByRole('table', { name });
  const cells = (row: string) => page.getByRole('row').filter({ hasText: row }).locator('td, th');
  const goTo = (path: string) => page.goto(`${app.url}/admin${path}`);
  const read = async <T>(path: string) => (await app.api<T>('GET', path)).body;
  const comesBack = async (mail: Buffer) => {
    const response = await app.fetch('/api/v1/feedback/messages', {
      method: 'POST',
      headers: { authorization: `Bearer ${app.apiKey}`, 'content-type': 'message/rfc822' },
      body: new Uint8Array(mail),
    });
    expect(response.status).toBe(200);
  };
  const bounceOf = (at: number, status: string, said: string) => {
    const { id, email } = readers[at]!;
    return bounceMail({
      to: TO,
      recipient: email,
      status,
      said,
      messageId: messageIds.get(id)!,
      mark: email,
    });
  };

  beforeAll(async () => {
    web = await WebSite.open();
    app = await startApp({ env: { FETCH_ALLOW: '127.0.0.1' } });
    as = new Scenario(app);
    await sendAnEdition();
    await haveThingsComeBack();
    await clickAndLeave();
    await breakAFeed();
    await app.restart(); // clicks are stored, and the tick looks for alarms
    await eventually(async () => (await read<List<object>>('/alarms?state=open')).data[0], {
      timeoutMs: 60_000,
    });
    await signIn();
  }, START_MS);

  afterAll(() => web.close());

  async function sendAnEdition(): Promise<void> {
    const { id: digestId } = await as.made('/digests', { name: `The Brief ${EVIL}`, subject: 'Eels return' });
    for (let at = 0; at < READERS; at++) {
      const email = `r${at}@reader.example`;
      const { id } = await as.activeReader(email, { name: at === 0 ? EVIL : `Reader ${at}` });
      readers.push({ id, email });
    }
    const { id: topic } = await as.made('/topics', { name: 'Harbour' });
    ({ id: articleId } = await as.article({ url: 'https://post.example/eels', topics: [topic] }));
    ({ id: editionId } = await as.draft(digestId, [articleId]));
    await as.sent(editionId);
    const { data } = await read<List<Delivery>>(`/editions/${editionId}/deliveries`);
    for (const { subscriberId, messageId } of data) messageIds.set(subscriberId, messageId);
  }

  async function haveThingsComeBack(): Promise<void> {
    await comesBack(bounceOf(0, '5.1.1', `550 5.1.1 No such user here ${EVIL}`));
    await comesBack(bounceOf(1, '5.2.2', '552 5.2.2 The mailbox is over its quota'));
    await comesBack(bounceOf(2, '5.7.1', BLOCKED_WORDS));
    await comesBack(bounceOf(3, '5.7.1', BLOCKED_WORDS));
    await comesBack(complaintMail({ to: TO, messageId: messageIds.get(readers[4]!.id)! }));
    await comesBack(bounceMail({ to: TO, recipient: 'nobody@elsewhere.example', mark: 'stranger' }));
    await comesBack(holidayNote({ to: TO, from: readers[6]!.email }));
    await comesBack(dmarcReport());
  }

  async function clickAndLeave(): Promise<void> {
    const { html } = await as.mail(readers[5]!.email, /Eels/);
    const clicks = [...String(html).matchAll(/\/l\/[\w-]{47}/g)].map(([path]) => path);
    // The first leads to the site, the next to the article.
    await app.fetch(clicks[1]!, { headers: { 'user-agent': FIREFOX, accept: 'text/html' } });
    const leave = /\/unsubscribe\/[\w-]{60,}/.exec(String(html))![0];
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
    expect((await app.fetch(leave, { method: 'POST', body })).status).toBe(200);
  }

  async function breakAFeed(): Promise<void> {
    const rss = rssOf([{ guid: 'tide', title: 'High tide', path: '/tide' }], 'The Tide');
    web.says('/tide.xml', rss, { 'content-type': 'application/rss+xml' });
    const { id } = await as.made('/feeds', { url: `${web.url}/tide.xml` });
    web.says('/tide.xml', 'broken', {}, 500);
    for (let turn = 0; turn < 3; turn++) await as.made(`/feeds/${id}/poll`);
  }

  async function signIn(): Promise<void> {
    browser = await launchChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource'); // 401 is meant
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url)) outside.push(request.url());
    });
    await goTo('/');
    await page.getByText('API key', { exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
    await button('Sign in').click();
    await heading('Today').waitFor();
  }

  afterEach(async () => {
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
    expect(await page.evaluate('window.owned')).toBeUndefined();
  });

  const PAGES: [name: string, path: () => string, ready: () => Promise<unknown>][] = [
    ['insights', () => '/insights', () => section('The last editions').locator('svg').first().waitFor()],
    ['bounces', () => '/bounces', () => table('What came back').waitFor()],
    ['alarms', () => '/alarms', () => page.getByText('The Tide').waitFor()],
    ['deliverability', () => '/deliverability', () => table('Sources of mail in your name').waitFor()],
    ['edition', () => `/editions/${editionId}`, () => section('In numbers').locator('svg').first().waitFor()],
    ['reader', () => `/subscribers/${readers[0]!.id}`, () => table('What came back').waitFor()],
    ['article', () => `/articles/${articleId}`, () => section('In numbers').locator('dl').waitFor()],
  ];
  const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
    [360, 1280].map((width) => ({ scheme, width })),
  );

  it.each(PAGES)(
    '%s: nothing juts out, nothing has no name, in light and dark',
    async (_, path, ready) => {
      for (const { scheme, width } of LOOKS) {
        await page.emulateMedia({ colorScheme: scheme });
        await page.setViewportSize({ width, height: 800 });
        await goTo(path());
        await ready();
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([scheme, width, tooWide]).toEqual([scheme, width, 0]);
        expect(await seriousFindings(page)).toEqual([]);
      }
    },
    90_000,
  );

  it('shows an edition in numbers, with the words of those who refused us', async () => {
    await goTo(`/editions/${editionId}`);
    const numbers = section('In numbers');
    const shown = Object.entries({
      frozen: '8',
      accepted: '8',
      failed: '0',
      bounced: '4 (50%)',
      complained: '1 (12.5%)',
      unsubscribed: '1 (12.5%)',
    });
    for (const [name, text] of shown) {
      await numbers.locator(`[data-number="${name}"]`).getByText(text, { exact: true }).waitFor();
    }
    const refusals = numbers.getByRole('table', { name: 'Words of refusal' });
    expect(
      await refusals.getByRole('row').filter({ hasText: 'poor reputation' }).locator('td').allTextContents(),
    ).toEqual([expect.stringContaining('Message refused: poor reputation') as string, '2']);
    const { total } = await read<{ total: { clicks: { people: number; scanners: number } } }>(
      `/stats/editions/${editionId}`,
    );
    expect(total.clicks.people + total.clicks.scanners).toBe(1);
    await numbers.getByText(/Clicks: [01] pe(rson|ople) \(±1\)/).waitFor();
    // By key: right after scrolling a click may still go to the mail's frame, which lay there before.
    await numbers.getByText('Clicks by hour: the numbers').press('Enter');
    await numbers.getByRole('table', { name: 'Clicks by hour' }).waitFor();
  });

  it('shows an article in numbers, with as much as clicks may be off', async () => {
    await goTo(`/articles/${articleId}`);
    const numbers = section('In numbers');
    await numbers.locator('[data-number="bounced"]').getByText('4 (50%)', { exact: true }).waitFor();
    await numbers.getByText(/Clicks on its links: .*\(±1\)/).waitFor();
  });

  it('shows how the audience grew and how the last editions did, of the days in the address', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await goTo('/insights');
    const audience = section('The audience');
    for (const [name, text] of Object.entries({ confirmed: '8', left: '1', bounced: '1', complained: '1' })) {
      await audience.locator(`[data-count="${name}"]`).getByText(text, { exact: true }).waitFor();
    }
    await audience.getByText('Readers who went, by day: the numbers').click();
    const went = audience.getByRole('table', { name: 'Readers who went, by day' });
    expect(await went.getByRole('row').nth(1).locator('td').allTextContents()).toEqual(['1', '1', '1']);
    const edition = table('The last editions').getByRole('row').nth(1);
    await edition.waitFor();
    expect(await edition.locator('td').allTextContents()).toEqual([
      '8',
      '4 (50%)',
      '1 (12.5%)',
      '1 (12.5%)',
      expect.stringMatching(/\(±1\)/) as string,
    ]);
    await table('By provider').waitFor();
    for (const name of ['Topics', 'Articles'])
      await table(name)
        .getByRole('row')
        .filter({ hasText: name === 'Topics' ? 'Harbour' : 'lighthouse' })
        .waitFor();

    await page.getByLabel('From').fill('2020-01-01');
    await page.getByLabel('To', { exact: true }).fill('2020-01-31');
    await page.getByText('No edition went out in these days.').waitFor();
    expect(new URL(page.url()).search).toBe('?from=2020-01-01&to=2020-01-31');
    await page.reload();
    await page.getByText('Nobody signed up in these days.').waitFor();
    await page.getByLabel('From').fill('2020-02-01');
    await page.getByText('This is after the last day.').waitFor();
  });

  it('shows what came back by kind, class and edition, and leads to the reader', async () => {
    await goTo('/bounces');
    const rows = table('What came back').locator('tbody tr');
    await page.getByText('DMARC report', { exact: true }).last().waitFor();
    const all = await rows.count();
    expect(all).toBe(9); // four bounces, a complaint, one who left, a stranger's, a holiday note, a report
    await page.getByLabel('Class of bounce').selectOption('blocked');
    await eventually(async () => (await rows.count()) === 2);
    expect(new URL(page.url()).search).toBe('?class=blocked');
    await page.getByLabel('Class of bounce').selectOption('');
    await page.getByLabel('About').selectOption('nobody we know');
    await eventually(async () => (await rows.count()) === 3);
    await page.getByText('none of ours').first().waitFor();

    await goTo(`/bounces?kind=bounce&class=hard&editionId=${editionId}`);
    await rows.getByText(`No such user here ${EVIL}`).waitFor();
    expect(await rows.count()).toBe(1);
    await rows.getByRole('link', { name: `…${readers[0]!.id.slice(-8)}` }).click();
    await heading(/r0@reader\.example/).waitFor();
    await page.getByText(EVIL, { exact: true }).first().waitFor();
    await page.getByText('mail servers said that the address is dead').waitFor();
    expect(await cells('bounce, hard').allTextContents()).toContainEqual(
      expect.stringContaining(`No such user here ${EVIL}`),
    );
    await button('Lift the suppression').click();
    await button('Lift it').click();
    await page.getByRole('dialog').getByText('Say why').waitFor();
    await page.getByLabel('Why').fill('They wrote that it works again.');
    await button('Lift it').click();
    await page.getByText('This address is suppressed').waitFor({ state: 'detached' });
  });

  it('refuses to lift what a complaint has suppressed, and says why', async () => {
    await goTo(`/subscribers/${readers[4]!.id}`);
    await page.getByText('called a mail of yours spam').waitFor();
    await button('Lift the suppression').click();
    await page.getByLabel('Why').fill('It was a mistake.');
    await button('Lift it').click();
    await page.getByRole('dialog').getByText('once they have signed up anew').waitFor();
    await button('Go back').click();
    expect(await read(`/subscribers/${readers[4]!.id}`)).toMatchObject({ suppressed: true });
  });

  it('says what a mail would do, and then does it', async () => {
    const { id, email } = readers[7]!;
    await goTo('/bounces');
    await page.getByLabel('Or its text').fill(String(bounceOf(7, '5.1.1', '550 5.1.1 No such user here')));
    await button('See what it would do').click();
    await page.getByText('It would be taken as this.').waitFor();
    await page.getByText('The address is suppressed: it is mailed no more.').waitFor();
    expect(await read(`/subscribers/${id}`)).toMatchObject({ status: 'active', suppressed: false });
    await button('Take it').click();
    await page.getByText('It was taken.').waitFor();
    expect(await read(`/subscribers/${id}`)).toMatchObject({ status: 'bounced', suppressed: true });
    const rows = table('What came back').locator('tbody tr');
    await eventually(async () => (await rows.count()) === 10);

    const name = 'note.eml';
    const buffer = holidayNote({ to: TO, from: email, mark: 'file' });
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByLabel('A mail in a file').click(),
    ]);
    await chooser.setFiles({ name, mimeType: 'message/rfc822', buffer });
    await button('See what it would do').click();
    await page.getByText('It is: automatic answer, and is about no reader.').waitFor();
  });

  it('shows alarms by their state, with what is to be done, until they are seen', async () => {
    await goTo('/');
    await page.getByRole('link', { name: '1 open alarm' }).waitFor();
    await page.getByRole('link', { name: '1 open alarm' }).click();
    await page.getByText('Open its address in a browser').waitFor();
    await button(/^Seen/).click();
    await page.getByText(/Seen .* by /).waitFor();
    await page.getByRole('link', { name: '1 open alarm' }).waitFor({ state: 'detached' });
    await page.getByLabel('Show alarms').selectOption('open');
    await page.getByText('There is nothing that nobody has seen.').waitFor();
    expect(new URL(page.url()).search).toBe('?state=open');
    await page.goBack();
    await heading('Today').waitFor();
  });

  it('shows what receivers judge by, and who sends in our name', async () => {
    await goTo('/deliverability');
    const { data } = await read<List<{ state: string }>>('/deliverability');
    const lines = page.locator('section .rows > li');
    await lines.first().waitFor();
    expect(await lines.count()).toBe(data.length);
    const source = cells('192.0.2.7');
    expect((await source.allTextContents()).slice(0, 4)).toEqual(['192.0.2.7', '12', '12 (100%)', '0']);
    await button('Check again').click();
    await page.getByLabel('DMARC reports of').selectOption('the last 7 days');
    expect(new URL(page.url()).search).toBe('?days=7');
  });

  it('shows what a reader did who agreed to be measured, and asks nothing of anybody else', async () => {
    const email = 'measured@reader.example';
    await app.api('PATCH', '/publication', { measure: 'consented' });
    const { id } = await as.activeReader(email, { purposes: ['newsletter', 'measurement'] });
    const story = await as.article({ title: 'Herring again', url: 'https://post.example/herring' });
    const [digest] = (await read<List<{ id: string }>>('/digests')).data;
    const { id: measuredEdition } = await as.draft(digest!.id, [story.id], { subject: 'Herring' });
    await as.sent(measuredEdition);
    const { html } = await as.mail(email, /Herring/);
    const [click] = [...String(html).matchAll(/\/l\/[\w-]+\.[\w-]+/g)].map(([path]) => path);
    await app.fetch(click!, { headers: { 'user-agent': FIREFOX, accept: 'text/html' } });
    await eventually(async () => (await read<List<object>>(`/subscribers/${id}/clicks`)).data[0], {
      timeoutMs: 60_000,
      what: 'the click to be stored',
    });
    await goTo(`/subscribers/${id}`);
    await section('Clicks and opens')
      .getByText(/: 1 click, last on/)
      .waitFor();
    await goTo(`/editions/${measuredEdition}`);
    for (const [name, text] of [
      ['readers', '1'],
      ['clickedBy', '1 (100%)'],
    ] as const)
      await section('Clicks').locator(`[data-measured="${name}"]`).getByText(text, { exact: true }).waitFor();
    await goTo(`/subscribers/${readers[6]!.id}`);
    await section('Consent').waitFor();
    expect(await section('Clicks and opens').count()).toBe(0);
  }, 120_000);
});

/** A report of yesterday (RFC 9990): twelve messages from one address, all in order. */
function dmarcReport(): Buffer {
  const end = Math.floor(Date.now() / 1000);
  const xml = `<?xml version="1.0" encoding="UTF-8" ?><feedback>
    <report_metadata><org_name>mail.example</org_name><email>dmarc@mail.example</email><report_id>r-1</report_id>
      <date_range><begin>${end - 86_400}</begin><end>${end}</end></date_range></report_metadata>
    <policy_published><domain>harbour.example</domain><p>none</p></policy_published>
    <record><row><source_ip>192.0.2.7</source_ip><count>12</count>
      <policy_evaluated><disposition>none</disposition><dkim>pass</dkim><spf>pass</spf></policy_evaluated></row>
      <identifiers><header_from>harbour.example</header_from></identifiers>
      <auth_results><dkim><domain>harbour.example</domain><selector>news</selector><result>pass</result></dkim>
        <spf><domain>harbour.example</domain><result>pass</result></spf></auth_results></record></feedback>`;
  return Buffer.from(
    [
      'From: dmarc@mail.example',
      `To: ${TO}`,
      'Subject: Report Domain: harbour.example Submitter: mail.example Report-ID: <r-1>',
      'Message-ID: <r-1@mail.example>',
      'MIME-Version: 1.0',
      'Content-Type: application/gzip; name="mail.example!harbour.example!1!2.xml.gz"',
      'Content-Disposition: attachment; filename="mail.example!harbour.example!1!2.xml.gz"',
      'Content-Transfer-Encoding: base64',
      '',
      gzipSync(xml).toString('base64'),
      '',
    ].join('\r\n'),
  );
}
