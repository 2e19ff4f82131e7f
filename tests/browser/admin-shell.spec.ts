import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { seriousFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { openPage } from '../support/desk.js';
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
