import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { Scenario, pathIn, someAddress } from '../e2e/scenario.js';
import { startApp, type AppProcess } from '../support/app-process.js';
import { launchChromium } from '../support/chromium.js';

/** A cold start and two slow cores. */
const PATIENCE_MS = 15_000;
const PHONE = { viewport: { width: 360, height: 740 } };

interface Reader {
  id: string;
  timeZone: string | null;
  followsDefaults: boolean;
  digests: {
    slug: string;
    topics: string[] | null;
    cadence: string;
    weekday: number | null;
    hour: number | null;
    alerts: boolean;
    pausedUntil: string | null;
  }[];
}

/** A day from now on, as a date field takes it. */
const dayIn = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

/** What of a page would be hard to use: fields without a name, ids that are there twice, a page wider than its window. */
const FAULTS = `(() => {
  const fields = [...document.querySelectorAll('input, select, button')].filter((field) => field.type !== 'hidden');
  const nameless = fields.filter((field) => !field.labels?.length && !field.textContent.trim());
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  const wide = document.documentElement.scrollWidth - innerWidth;
  return [
    ...nameless.map((field) => 'nameless: ' + field.outerHTML),
    ...ids.filter((id, index) => ids.indexOf(id) < index).map((id) => 'twice: ' + id),
    ...(wide > 0 ? ['too wide by ' + wide] : []),
  ];
})()`;

describe('what a reader chooses', () => {
  let app: AppProcess;
  let scenario: Scenario;
  let browser: Browser;
  const email = someAddress();
  const topics: Record<string, string> = {};
  let link: string;
  let page: Page;
  let context: BrowserContext | undefined;

  /** @param script runs before those of the page */
  const open = async (path: string, options: BrowserContextOptions = {}, script = '') => {
    await context?.close();
    context = await browser.newContext({ ...PHONE, locale: 'en', ...options });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    if (script) await page.addInitScript(script);
    await page.goto(app.url + path);
  };
  const reader = async () => {
    const query = `/subscribers?email=${encodeURIComponent(email)}`;
    return (await app.api<{ data: Reader[] }>('GET', query)).body.data[0]!;
  };
  const card = (name: string) => page.getByRole('group', { name, exact: true });
  const save = async () => {
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved.').waitFor();
  };

  beforeAll(async () => {
    app = await startApp();
    scenario = new Scenario(app);
    browser = await launchChromium();
    for (const name of ['Harbour', 'Council', 'Sport']) {
      topics[name] = (await scenario.made('/topics', { name })).id;
    }
  });
  afterAll(() => context?.close());

  it('is asked at sign-up, kept until there is a digest, and the browser says the time zone', async () => {
    await open('/subscribe', { timezoneId: 'America/Los_Angeles' });
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Harbour').check();
    await page.getByText('How often and when').click();
    expect(await page.getByLabel('On which day').isVisible()).toBe(false);
    await page.getByLabel('Once a week at most').check();
    await page.getByLabel('On which day').selectOption('Friday');
    await page.getByLabel('At what hour').selectOption('07:00');
    await page.getByLabel('Breaking news too').check();
    expect(await page.evaluate(FAULTS)).toEqual([]);
    await page.getByLabel(/I agree/).check();
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    const { id, timeZone, digests } = await reader();
    expect({ timeZone, digests }).toEqual({ timeZone: 'America/Los_Angeles', digests: [] });
    const data = await app.api<{ subscriber: { firstWish: unknown } }>('GET', `/subscribers/${id}/data`);
    expect(data.body.subscriber.firstWish).toEqual({
      topics: [topics.Harbour],
      cadence: 'weekly',
      weekday: 5,
      hour: 7,
      alerts: true,
    });

    await scenario.made('/digests', { name: 'The Morning Brief' });
    await scenario.made('/digests', { name: 'The Weekend' });
    await app.fetch(pathIn(await scenario.mail(email, /confirm/i), 'confirm'), { method: 'POST' });
    expect((await reader()).digests).toMatchObject([
      { slug: 'the-morning-brief', topics: [topics.Harbour], cadence: 'weekly', weekday: 5, hour: 7 },
    ]);
    link = pathIn(await scenario.mail(email, /^Welcome/), 'preferences');
  });

  it.each([
    ['the short form', '/', 'Pacific/Auckland'],
    ['the full form, when the server lists the zone under an older name', '/subscribe', 'Asia/Kolkata'],
  ])('comes with the time zone of the browser from %s', async (_form, path, zone) => {
    await scenario.article();
    const script = `Intl.DateTimeFormat.prototype.resolvedOptions = () => ({ timeZone: '${zone}' })`;
    await open(path, {}, script);
    const address = someAddress();
    await page.getByLabel('E-mail address').fill(address);
    await page.getByLabel(/I agree/).check();
    await page.getByRole('button', { name: 'Sign up' }).click();
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor();
    const query = `/subscribers?email=${encodeURIComponent(address)}`;
    const { body } = await app.api<{ data: Reader[] }>('GET', query);
    expect(body.data[0]?.timeZone).toBe(zone);
  });

  it('is shown and changed on the preferences page, without JavaScript', async () => {
    await open(link, { javaScriptEnabled: false });
    const morning = card('The Morning Brief');
    expect(await morning.getByLabel('Send me').isChecked()).toBe(true);
    expect(await morning.getByLabel('Harbour').isChecked()).toBe(true);
    expect(await morning.getByLabel('Once a week at most').isChecked()).toBe(true);
    expect(await morning.getByLabel('On which day').inputValue()).toBe('5');
    expect(await morning.getByLabel('At what hour').inputValue()).toBe('7');
    expect(await morning.getByLabel('Breaking news too').isChecked()).toBe(true);
    await morning.getByText('By the clock of America/Los Angeles').waitFor();

    await morning.getByLabel('Council').check();
    await morning.getByLabel('Once a day at most').check();
    await morning.getByLabel('At what hour').selectOption('22:00');
    await morning.getByLabel('Breaking news too').uncheck();
    const weekend = card('The Weekend');
    await weekend.getByLabel('Send me').check();
    await weekend.getByLabel('Breaking news only').check();
    await weekend.getByLabel('Pause until').fill(dayIn(10));
    await save();
    const { followsDefaults, digests } = await reader();
    expect(followsDefaults).toBe(false);
    expect(digests).toMatchObject([
      {
        topics: expect.arrayContaining([topics.Harbour, topics.Council]) as unknown,
        cadence: 'daily',
        weekday: null,
        hour: 22,
        alerts: false,
        pausedUntil: null,
      },
      { topics: null, cadence: 'breaking', pausedUntil: dayIn(10) },
    ]);
  });

  it('says that a digest is paused, and goes on at a press', async () => {
    await open(link, { javaScriptEnabled: false });
    const resume = card('The Weekend').getByRole('button', { name: 'Resume now' });
    await card('The Weekend')
      .getByText(/^Paused until \w+day/)
      .waitFor();
    // Enter in a field saves; it ends no pause.
    await page.getByLabel('Name').fill('Ann');
    await page.getByLabel('Name').press('Enter');
    await page.getByText('Saved.').waitFor();
    expect((await reader()).digests[1]).toMatchObject({ pausedUntil: dayIn(10) });
    await page.getByLabel('Name').fill('Anna');
    await resume.click();
    await page.getByText('Saved.').waitFor();
    expect(await resume.count()).toBe(0);
    expect(await page.getByLabel('Name').inputValue()).toBe('Anna');
    expect((await reader()).digests[1]).toMatchObject({ cadence: 'breaking', pausedUntil: null });
  });

  it('is worked with the keyboard, which meets only what applies', async () => {
    await open(link);
    const morning = card('The Morning Brief');
    await morning.getByLabel('Once a day at most').focus();
    await page.keyboard.press('ArrowDown');
    expect(await morning.getByLabel('Once a week at most').isChecked()).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.labels[0].textContent')).toBe('On which day');
    await page.keyboard.type('Tu');
    await morning.getByLabel('Breaking news only').check();
    for (const hidden of ['On which day', 'At what hour', 'Breaking news too']) {
      expect(await morning.getByLabel(hidden).isVisible()).toBe(false);
    }
    await morning.getByLabel('Once a week at most').check();
    await save();
    expect((await reader()).digests[0]).toMatchObject({ cadence: 'weekly', weekday: 2 });
    const weekend = card('The Weekend');
    await weekend.getByLabel('Send me').uncheck();
    expect(await weekend.getByLabel('Every edition').isVisible()).toBe(false);
  });

  it('is kept while it is mended, and the fault is named at its field', async () => {
    await open(link);
    const morning = card('The Morning Brief');
    await morning.getByLabel('Pause until').fill('2020-01-31');
    await morning.getByLabel('At what hour').selectOption('05:00');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('link', { name: 'This day is past. Choose one to come.' }).click();
    const field = morning.getByLabel('Pause until');
    expect(await page.evaluate('document.activeElement.id')).toBe(await field.getAttribute('id'));
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await field.inputValue()).toBe('2020-01-31');
    expect(await morning.getByLabel('At what hour').inputValue()).toBe('5');
    expect((await reader()).digests[0]).toMatchObject({ hour: 22, pausedUntil: null });
  });

  it.each([
    ['en', 'ltr'],
    ['de', 'ltr'],
    ['fr', 'ltr'],
    ['es', 'ltr'],
    ['ar', 'rtl'],
  ])('is a sound page in %s', async (lang, dir) => {
    for (const path of [`${link}?lang=${lang}`, `/subscribe?lang=${lang}`]) {
      await open(path);
      expect(await page.locator('html').getAttribute('dir')).toBe(dir);
      await page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })");
      expect(await page.evaluate(FAULTS)).toEqual([]);
      expect(await page.locator('body').innerText()).not.toMatch(/pages\.\w|\{\w+\}/);
    }
  });
});
