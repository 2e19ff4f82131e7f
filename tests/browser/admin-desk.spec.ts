import type { Browser, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { launchChromium } from '../support/chromium.js';
import { flip, openPage } from '../support/desk.js';
import { eventually } from '../support/wait-for.js';
import { rssOf, WebSite } from '../support/web-site.js';

interface Digest {
  id: string;
  nextAt: string;
}
interface Edition {
  id: string;
  status: string;
  approval: string | null;
}
type List<T> = { data: T[] };

const READER = 'ann@reader.example';
const PATIENCE_MS = 15_000;
/** A test that starts the app again. */
const RESTART_MS = 120_000;
/** An article as the web has it: long enough to be taken for one. */
const PAGE = `<html><head><title>Eels return</title><meta name="author" content="Cy Dee"></head><body><article>
<h1>Eels return</h1>${'<p>The eels have come back to the river after nine years, fishermen said, and there are many.</p>'.repeat(8)}
</article></body></html>`;

/** The day-to-day work of an editor: schedules, approval, corrections, feeds, imports. */
describe('the operator UI, day by day', () => {
  let app: AppProcess;
  let browser: Browser;
  let page: Page;
  let web: WebSite;
  let digest: Digest;
  let articleId: string;
  /** What the browser refused or a page threw. */
  const complaints: string[] = [];
  const outside: string[] = [];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const dialog = () => page.getByRole('dialog');
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const field = (name: string) => page.locator(`[name="${name}"]`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
  const section = (name: string) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) });
  const goTo = (path: string) => page.goto(`${app.url}/admin${path}`);
  const made = async <T = { id: string }>(path: string, body?: unknown) => {
    const answer = await app.api<T>('POST', path, body);
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };
  const read = async <T>(path: string) => (await app.api<T>('GET', path)).body;

  beforeAll(async () => {
    web = await WebSite.open();
    app = await startApp({ env: { FETCH_ALLOW: '127.0.0.1' } });
    articleId = (
      await made('/articles', { title: 'The bridge is open', body: 'It carries carts.', format: 'text' })
    ).id;
    browser = await launchChromium();
    const context = await browser.newContext({
      viewport: { width: 360, height: 740 },
      timezoneId: 'Europe/Lisbon',
    });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource'); // 401 and 422 are meant
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
  });

  afterAll(() => web.close());

  afterEach(async () => {
    expect(complaints).toEqual([]);
    expect(outside).toEqual([]);
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(tooWide).toBeLessThanOrEqual(0);
  });

  it('sets a schedule, says at its field what is wrong with it, and shows the next time', async () => {
    await openPage(page, 'Digests');
    await link('Make a digest').click();
    await field('name').fill('The Sunday Brief');
    await field('rhythm').selectOption('weekly');
    await field('weekday').selectOption('Sunday');
    await field('time').fill('07:30');
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('Mars/Olympus');
    await button('Make the digest').click();
    await page.getByText('There is no time zone “Mars/Olympus”').waitFor();
    expect(await zone.getAttribute('aria-invalid')).toBe('true');
    await zone.fill('Europe/Lisbon');
    await field('subject').fill('{{ articles[0].title');
    await button('Make the digest').click();
    await page.locator('[name="subject"][aria-invalid="true"]').waitFor();
    await field('subject').fill('{{ articles[0].title }}');
    await button('Make the digest').click();

    await heading('The Sunday Brief').waitFor();
    await page.getByText('every Sunday at 07:30, Europe/Lisbon').waitFor();
    [digest] = (await read<List<Digest>>('/digests')).data as [Digest];
    expect(digest).toMatchObject({ schedule: { cron: '30 7 * * SUN', timeZone: 'Europe/Lisbon' } });
    const next = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'Europe/Lisbon' });
    await page.getByText(`${next.format(new Date(digest.nextAt))}, 07:30`).waitFor();
    const coming = section('Coming').locator('dd');
    await coming.first().waitFor();
    expect(await coming.count()).toBeGreaterThanOrEqual(4);
    expect(await coming.first().textContent()).toContain('07:30');
  });

  it('shows a cron of one’s own as it is, and pins an article', async () => {
    await page.getByRole('tab', { name: 'Settings' }).click();
    await field('rhythm').selectOption('cron');
    await field('schedule.cron').fill('0 7 31 2 *');
    await button('Save').click();
    await page.getByText('never fires').waitFor();
    await field('rhythm').selectOption('weekly');
    await page.getByRole('combobox', { name: 'Pinned' }).click();
    await page.getByRole('option', { name: /The bridge is open/ }).click();
    await page.keyboard.press('Escape');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    expect(await read(`/digests/${digest.id}`)).toMatchObject({ pinned: [articleId] });
  });

  it(
    'asks for a yes on the overview, with a look at it, and takes it',
    async () => {
      const consent = { source: 'a form at the fair', terms: 'accepted' };
      await made('/subscribers', { email: READER, status: 'active', consent });
      await flip(page.getByRole('switch', { name: /needs an operator’s yes/ }));
      await field('approval.minutes').fill('10080'); // a week: the next one is due at once
      await button('Save').click();
      await page.getByText('Saved.').waitFor();
      await app.restart(); // ticks at once
      const open = await eventually(
        async () => (await read<List<{ editionId: string }>>('/slots?status=open')).data[0],
        { timeoutMs: 60_000 },
      );

      await goTo('/');
      const waiting = section('Waiting for your yes');
      await waiting.getByText('1 article. Without an answer it is not sent.').waitFor();
      await waiting.getByText('Look at it').click();
      await page.frameLocator('iframe').getByText('The bridge is open').first().waitFor();
      await waiting.getByRole('button', { name: 'Approve' }).click();
      await dialog().getByText('It goes out on').waitFor();
      await button('Approve it').click();
      await waiting.waitFor({ state: 'detached' });
      expect(await read<Edition>(`/editions/${open.editionId}`)).toMatchObject({ approval: 'approved' });

      await goTo(`/editions/${open.editionId}`);
      await page.getByText('It is approved').waitFor();
      await button('Decline').click();
      await button('Decline it').click();
      await page.getByText('It was declined.').waitFor();
      expect(await read<Edition>(`/editions/${open.editionId}`)).toMatchObject({ status: 'cancelled' });
    },
    RESTART_MS,
  );

  it('corrects an article and says how many get the note', async () => {
    const { id } = await made(`/digests/${digest.id}/editions`, { articleIds: [articleId] });
    await made(`/editions/${id}/send`);
    await eventually(async () => (await read<Edition>(`/editions/${id}`)).status === 'sent', {
      timeoutMs: 30_000,
    });
    await openPage(page, 'Newsroom', 'Articles');
    await link('The bridge is open').click();
    await button('Correct…').click();
    await button('Correct it and mail the note').click();
    await page.getByText('Fill this in.').waitFor();
    await dialog().locator('[name="note"]').fill('It opened on Tuesday, not on Monday.');
    await button('Correct it and mail the note').click();
    await page.getByText('The note goes to about 1 reader.').waitFor();
    await link('How far its mail is').click();
    await page.getByText('correction', { exact: true }).first().waitFor();
    await page.getByText('It opened on Tuesday').first().waitFor();
    await eventually(
      async () => {
        const mails = (await (await app.fetch('/mailbox/messages')).json()) as { to: string }[];
        return mails.filter(({ to }) => to === READER).length === 2;
      },
      { timeoutMs: 30_000 },
    );
  });

  it('tells why a reader gets what', async () => {
    await page.getByRole('textbox', { name: 'Reader' }).fill('nobody@reader.example');
    await button('Explain').click();
    await page.getByText('No subscriber has this address.').waitFor();
    await page.getByRole('textbox', { name: 'Reader' }).fill(READER);
    await button('Explain').click();
    await page.getByText('This reader was sent it').waitFor();
    const verdict = page.getByRole('row').filter({ hasText: 'The bridge is open' });
    await verdict.getByText('sent', { exact: true }).waitFor();
  });

  it('adds a feed, and shows what is wrong with it at its field, on its page and on the overview', async () => {
    web.says('/feed', 'broken', {}, 500);
    await goTo('/feeds');
    await link('Add a feed').click();
    await field('url').fill(`${web.url}/feed`);
    await button('Add the feed').click();
    await page.getByText(/answered 500/).waitFor();
    expect(await field('url').getAttribute('aria-invalid')).toBe('true');
    web.says('/feed', rssOf([{ guid: 'old', title: 'Old news', path: '/old' }]), {
      'content-type': 'application/rss+xml',
    });
    await button('Add the feed').click();
    await heading(/The Post/).waitFor();

    const news = {
      guid: 'new',
      title: 'Rowers win',
      path: '/new',
      body: 'By a length.',
      categories: ['Rowing'],
    };
    web.says('/feed', rssOf([news]), { 'content-type': 'application/rss+xml' });
    await button('Poll now').click();
    await page.getByText('1 new article').waitFor();
    web.says('/feed', 'broken', {}, 500);
    await button('Poll now').click();
    await page.getByText('It could not be read').waitFor();
    await openPage(page, 'Today');
    await section('Needs a look')
      .getByText(/answered 500/)
      .waitFor();
    await section('Needs a look').getByRole('link', { name: 'The Post' }).click();
    await button('Delete').click();
    await button('Delete it').click();
    await page.getByText('There are no feeds yet.').waitFor();
  });

  it(
    'says on the overview what is alarming, once, until somebody has seen it',
    async () => {
      const rss = rssOf([{ guid: 'tide', title: 'High tide', path: '/tide' }], 'The Tide');
      web.says('/tide.xml', rss, { 'content-type': 'application/rss+xml' });
      const { id } = await made('/feeds', { url: `${web.url}/tide.xml` });
      web.says('/tide.xml', 'broken', {}, 500);
      for (let turn = 0; turn < 3; turn++) await made(`/feeds/${id}/poll`);
      await app.restart(); // ticks at once
      await eventually(async () => (await read<List<object>>('/alarms?state=open')).data[0], {
        timeoutMs: 60_000,
      });

      await goTo('/');
      const troubles = section('Needs a look');
      await troubles.getByText('The feed cannot be read. Since').waitFor();
      expect(await troubles.getByRole('link', { name: 'The Tide' }).count()).toBe(1);
      await page.getByRole('link', { name: '1 open alarm' }).waitFor();
      await troubles.getByRole('button', { name: 'Seen' }).click();
      await page.getByRole('link', { name: '1 open alarm' }).waitFor({ state: 'detached' });
      await troubles.getByText('failing').waitFor(); // it is still broken
      expect(await read<List<object>>('/alarms')).toMatchObject({
        data: [{ cause: 'feed_broken', subject: id, state: 'seen' }],
      });
      await troubles.getByRole('link', { name: 'The Tide' }).click();
      await heading(/The Tide/).waitFor();
      await app.api('DELETE', `/feeds/${id}`);
    },
    RESTART_MS,
  );

  it('imports a page, which is released after a look; breaking news are asked about', async () => {
    web.says('/eels', PAGE, { 'content-type': 'text/html' });
    await openPage(page, 'Newsroom', 'Articles');
    await link('Rowers win').waitFor();
    await link('Import by URL').click();
    await field('url').fill(`${web.url}/nothing`);
    await button('Import it').click();
    await page.getByText(/answered 404/).waitFor();
    await field('url').fill(`${web.url}/eels`);
    await button('Import it').click();
    await heading(/Eels return/).waitFor();
    await page.getByText('A draft: neither shown nor sent').waitFor();
    expect(await field('author').inputValue()).toBe('Cy Dee');
    await button('Release').click();
    await button('Release it').click();
    await heading(/published/).waitFor();

    await flip(page.getByRole('switch', { name: /Breaking/ }));
    await button('Save').click();
    await dialog().getByText('Mail an alert at once?').waitFor();
    await dialog().getByRole('button', { name: 'Go back' }).click();
    const { data } = await read<List<object>>('/articles');
    expect(data[0]).toMatchObject({ state: 'published', breaking: false });
    await button('Save').click();
    await button('Save and mail it').click();
    await page.getByText('Saved.').waitFor();
    expect((await read<List<object>>('/articles')).data[0]).toMatchObject({ breaking: true });
  });

  it('shows and changes what a reader asked for', async () => {
    await openPage(page, 'Readers');
    await link(READER).click();
    await page.getByText('every edition · at the digest’s time · all topics').waitFor();
    await button('Change').click();
    await dialog().locator('[name="cadence"]').selectOption('weekly');
    await dialog().locator('[name="weekday"]').selectOption('Sunday');
    await dialog().locator('[name="hour"]').selectOption('06:00');
    const pause = dialog().locator('[name="pausedUntil"]');
    await pause.fill('2100-01-31');
    await flip(dialog().getByRole('switch', { name: /Alerts/ }));
    await button('Save').click();
    await dialog().locator('[name="pausedUntil"][aria-invalid="true"]').waitFor();
    const until = `${new Date().getUTCFullYear() + 1}-06-30`;
    await pause.fill(until);
    await button('Save').click();
    await page
      .getByText('one a week, on Sunday · at 06:00 their time · all topics · alerts at once · paused until')
      .waitFor();
    const { data } = await read<List<{ digests: object[] }>>(`/subscribers?email=${READER}`);
    expect(data[0]?.digests).toMatchObject([
      { cadence: 'weekly', weekday: 7, hour: 6, alerts: true, pausedUntil: until },
    ]);
  });
});
