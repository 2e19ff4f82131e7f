import type { Browser, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { seriousFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';

const LINES = 50_000;
const BAD_EVERY = 1_000;
const IMPORT_MS = 120_000;

/** A file of Mailchimp with a bad address now and then, a mark that is never closed, and script in a name. */
function bigFile(): string {
  const lines = ['Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,LEID,EUID,TAGS'];
  for (let n = 1; n <= LINES; n += 1) {
    if (n % BAD_EVERY === 0) lines.push(`reader ${n} at example,Bo,,3,,${n},e,`);
    else if (n === 777) lines.push(`open${n}@example.org,"Never closed,,3,,${n},e,`);
    else
      lines.push(
        `r${n}@example.org,<img src=x onerror=alert(1)>,Quay,3,2023-04-21 11:16:57,${n},e,"""VIP"""`,
      );
  }
  return lines.join('\r\n');
}

describe('import and export in the operator UI', () => {
  let app: AppProcess;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  beforeAll(async () => {
    app = await startApp();
    browser = await launchChromium();
    page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage();
    page.setDefaultTimeout(20_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      dialog.dismiss().catch(() => undefined);
    });
    await page.goto(`${app.url}/admin/subscribers`);
    await page.getByText('API key', { exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
    await button('Sign in').click();
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  const fits = async () =>
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);

  it(
    'takes in 50,000 lines with bad ones among them: recognised, tried dry, watched, and the bad ones had as a file',
    async () => {
      await page.locator('#main').getByRole('link', { name: 'Import and export' }).click();
      await page.getByRole('heading', { name: 'Import and export' }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      const file = { name: 'subscribed_members.csv', mimeType: 'text/csv', buffer: Buffer.from(bigFile()) };
      await page.getByLabel('Drop a CSV file here, or choose one').setInputFiles(file);
      await page.getByText('an export of Mailchimp', { exact: false }).waitFor();
      expect(await page.getByLabel('OPTIN_TIME: taken for').inputValue()).toBe('consented_at');
      await fits();
      expect(await seriousFindings(page)).toEqual([]);

      await button('Take them in').click(); // nothing is stated yet
      await page.getByText('Fill this in.').or(page.locator('[aria-invalid="true"]')).first().waitFor();
      await button('Dry run').click();
      const foreseen = page.locator('section').filter({ hasText: 'Dry run: what would come of it' });
      await foreseen.getByText('49,949').waitFor({ timeout: IMPORT_MS });
      await foreseen.getByText('Line', { exact: true }).waitFor();
      expect(await seriousFindings(page)).toEqual([]);
      await fits();

      await page.getByLabel('How these readers gave their consent').fill('The form of the old site');
      const begun = Date.now();
      await button('Take them in').click();
      await page.getByRole('progressbar').waitFor();
      await page.getByRole('heading', { name: 'What came of it' }).waitFor({ timeout: IMPORT_MS });
      console.log(`50,000 lines were taken in in ${Date.now() - begun} ms`);
      expect(await seriousFindings(page)).toEqual([]);
      await fits();
      const download = page.waitForEvent('download');
      await page.getByText('The lines that were left out, as CSV').click();
      const left = await (await download).createReadStream();
      let text = '';
      for await (const piece of left) text += String(piece);
      const rows = text.trim().split('\r\n');
      expect(rows).toHaveLength(1 + LINES / BAD_EVERY + 1);
      expect(rows[1]).toContain('778,quotation: ');
      expect(rows[2]).toMatch(/^reader 1000 at example,.*,1001,invalid: email: /);
      expect(complaints).toEqual([]);
    },
    2 * IMPORT_MS + 60_000,
  );

  it('writes a file of readers and hands it out', async () => {
    await page.goto(`${app.url}/admin/transfer`);
    await page.getByRole('link', { name: 'subscribed_members.csv' }).waitFor();
    await page.getByLabel('Readers to export').selectOption('active');
    await button('Write a file').click();
    const ready = page.getByRole('button', { name: /^Download active readers/ });
    await ready.waitFor({ timeout: 60_000 });
    expect(await seriousFindings(page)).toEqual([]);
    await fits();
    const download = page.waitForEvent('download');
    await ready.click();
    const file = await (await download).createReadStream();
    let lines = 0;
    for await (const piece of file) lines += String(piece).split('\r\n').length - 1;
    expect(lines).toBe(49_949 + 1);
  }, 120_000);
});
