import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { seriousFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { flip, openPage } from '../support/desk.js';
import { rawRequest } from '../support/raw-request.js';

const PATIENCE_MS = 15_000;
/** What has to be there before the frame is: scripts and styles, as gzip makes them at its best. */
const SHELL_MOST_BYTES = 130 * 1024;
const LOOKS = (['light', 'dark'] as const).flatMap((scheme) =>
  [360, 1280].map((width) => ({ scheme, width })),
);

describe('the frame of the operator UI', () => {
  let app: AppProcess;
  let browser: Browser;
  let page: Page;
  /** What the browser refused or a page threw. */
  const complaints: string[] = [];

  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
  const goTo = (path: string) => page.goto(`${app.url}/admin${path}`);

  const made = async (path: string, body?: unknown) => {
    const answer = await app.api<{ id: string }>('POST', path, body);
    expect(answer.status).toBeLessThan(300);
    return answer.body;
  };

  beforeAll(async () => {
    app = await startApp();
    browser = await launchChromium();
    page = await browser.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource'); // 401 is meant
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
    await goTo('/');
    await page.getByText('API key', { exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await heading('Today').waitFor();
  });

  afterEach(() => {
    expect(complaints).toEqual([]);
  });

  it('is small, and goes out packed by brotli', async () => {
    const html = await (await app.fetch('/admin')).text();
    const names = [...html.matchAll(/\/admin\/assets\/[\w.-]+\.(?:js|css)/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(1);
    let bytes = 0;
    for (const name of names) {
      const plain = await rawRequest(app.url, name);
      bytes += gzipSync(plain.body, { level: 9 }).length;
      const packed = await rawRequest(app.url, name, { headers: { 'accept-encoding': 'gzip, br' } });
      expect(packed.headers['content-encoding']).toBe('br');
    }
    expect(bytes).toBeLessThanOrEqual(SHELL_MOST_BYTES);
  });

  it('leads to every page of the rail, each with a title of its own', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await goTo('/');
    await heading('Today').waitFor();
    const rail = page.getByRole('navigation', { name: 'Main' });
    const areas = await rail.locator('.area').allTextContents();
    expect(areas).toEqual([
      'Today',
      'Calendar',
      'Newsroom',
      'Editions',
      'Digests',
      'Readers',
      'Insights',
      'Delivery',
      'Settings',
    ]);
    const titles = new Set<string>();
    for (const area of areas) {
      await openPage(page, area);
      const places = await rail.locator('.places a:not([href$="/queues"])').allTextContents();
      for (const place of places.length > 0 ? places : [area]) {
        await openPage(page, area, place);
        const current = rail.locator('[aria-current="page"]');
        await current.getByText(place, { exact: true }).waitFor();
        await heading(/./).waitFor();
        titles.add(await page.title());
      }
    }
    expect(titles.size).toBeGreaterThanOrEqual(18);
  });

  it('goes back and forth, and keeps the old addresses that mails name', async () => {
    await goTo('/alarms?state=gone');
    await heading('Alarms').waitFor();
    await openPage(page, 'Digests');
    await heading('Digests').waitFor();
    await page.goBack();
    await heading('Alarms').waitFor();
    expect(page.url()).toBe(`${app.url}/admin/alarms?state=gone`);
    await goTo('/settings/topics');
    await heading('Topics').waitFor();
    await goTo('/subscribers/');
    await heading('Subscribers').waitFor();
    await goTo('/nowhere/at/all');
    await heading('There is no such page').waitFor();
    await goTo('/articles/018f0000-0000-7000-8000-000000000000');
    await page.getByText('This could not be read').waitFor();
  });

  it.each(LOOKS)(
    'nothing juts out, nothing has no name: $width px, $scheme',
    async ({ scheme, width }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 800 });
      for (const path of ['/', '/calendar', '/articles', '/settings/team', '/topics']) {
        await goTo(path);
        await heading(/./).waitFor();
        await page.getByRole('button', { name: 'Account' }).click();
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect([path, tooWide]).toEqual([path, 0]);
        expect(await seriousFindings(page)).toEqual([]);
      }
    },
    60_000,
  );

  it('finds what is typed, and goes there; keys go to pages, and can be turned off', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await made('/articles', { title: 'Eels return', body: 'There are many.', format: 'text' });
    const consent = { source: 'a form at the fair', terms: 'accepted' };
    await made('/subscribers', { email: 'eelmonger@reader.example', status: 'active', consent });
    await goTo('/digests');
    await heading('Digests').waitFor();
    await page.keyboard.press('Control+k');
    const find = page.getByPlaceholder('A reader, an article');
    await find.fill('eel');
    await page.getByText('eelmonger@reader.example').waitFor();
    await page.getByText('Eels return').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await find.press('ArrowDown');
    await find.press('Enter');
    await heading(/eelmonger/).waitFor();

    await page.keyboard.type('gd');
    await heading('Digests').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('This list').waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await flip(page.getByRole('switch', { name: /Single keys/ }));
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.type('ge');
    await page.keyboard.press('Control+k');
    await find.waitFor();
    await heading('Digests').waitFor();
    await page.keyboard.press('Escape');
    await find.waitFor({ state: 'detached' });
    await page.evaluate('localStorage.clear()');
  });

  it('hears what happens elsewhere, also after the server was away, and takes back what it did', async () => {
    await goTo('/calendar');
    await page.getByText('Nothing is to go out').waitFor();
    const digest = await made('/digests', { name: 'The Tide Brief' });
    const [{ id: articleId }] = (await app.api<{ data: [{ id: string }] }>('GET', '/articles')).body.data;
    const { id } = await made(`/digests/${digest.id}/editions`, {
      articleIds: [articleId],
      subject: 'Tides',
    });
    const sendAt = new Date(Date.now() + 5 * 3_600_000).toISOString();
    await made(`/editions/${id}/schedule`, { sendAt });
    const row = page.locator('.rows > li').filter({ hasText: 'Tides' });
    await row.waitFor();
    await page.getByRole('link', { name: /^Next/ }).waitFor();

    await row.getByRole('button', { name: 'Take back' }).click();
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo' }).click();
    await row.waitFor();
    const { body } = await app.api<{ status: string; sendAt: string }>('GET', `/editions/${id}`);
    expect(body).toMatchObject({ status: 'scheduled', sendAt });

    await app.kill('SIGTERM');
    await page.getByText('Connection lost').waitFor({ timeout: 30_000 });
    await row.waitFor(); // what was there is still there
    await app.restart();
    await page.getByText('Connection lost').waitFor({ state: 'detached', timeout: 30_000 });
    await made(`/editions/${id}/cancel`);
    await row.waitFor({ state: 'detached' });
  }, 180_000);

  it('shows who may less only what is theirs', async () => {
    const { body } = await app.api<{ secret?: string; key?: string }>('POST', '/api-keys', {
      name: 'A writer',
      role: 'author',
    });
    const context = await browser.newContext();
    const theirs = await context.newPage();
    theirs.setDefaultTimeout(PATIENCE_MS);
    await theirs.goto(`${app.url}/admin/subscribers`);
    await theirs.getByText('API key', { exact: true }).click();
    await theirs.getByRole('textbox', { name: 'API key' }).fill(String(body.key ?? body.secret));
    await theirs.getByRole('button', { name: 'Sign in', exact: true }).click();
    await theirs.getByRole('heading', { name: 'This page is not open to you' }).waitFor();
    const areas = await theirs.getByRole('navigation', { name: 'Main' }).locator('.area').allTextContents();
    expect(areas).toEqual(['Today', 'Calendar', 'Newsroom', 'Editions', 'Digests']);
    await context.close();
  });
});
