import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { launchChromium } from '../support/chromium.js';
import { flip, openPage, signOut } from '../support/desk.js';
import { startSmtpPeer } from '../support/smtp-peer.js';

const READERS = ['ann@reader.example', 'bo@reader.example'];
/** A cold start, a bundle of half a megabyte and two slow cores. */
const PATIENCE_MS = 15_000;

describe('the operator UI', () => {
  let app: AppProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let editionPage: string;
  /** What the browser refused (by the content security policy, for one) or a page threw. */
  const complaints: string[] = [];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const link = (name: string) => page.getByRole('link', { name, exact: true });
  const field = (name: string) => page.locator(`[name="${name}"]`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });

  beforeAll(async () => {
    app = await startApp();
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource'); // 401 and 422 are meant
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
  });

  afterEach(async () => {
    expect(complaints).toEqual([]);
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(tooWide).toBeLessThanOrEqual(0);
  });

  it('asks who it is, and goes on to the page that was wanted', async () => {
    await page.goto(`${app.url}/admin/articles/new`);
    await page.getByText('API key', { exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill('not-the-key');
    await button('Sign in').click();
    await page.getByText('This API key is not known').waitFor();
    await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
    await button('Sign in').click();
    await heading('Add an article').waitFor();
  });

  it('says at the field what is wrong with it', async () => {
    await button('Add the article').click();
    await page.getByText('Fill this in.').first().waitFor();
    expect(await page.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
    expect(await page.evaluate('document.activeElement.name')).toBe('title');
  });

  it('adds an article and a digest', async () => {
    await page.getByLabel('Title').fill('The bridge is open');
    await page.getByLabel('Body').fill('After **nine years** it carries carts again.');
    await button('Add the article').click();
    await link('The bridge is open').waitFor();

    await openPage(page, 'Digests');
    await link('Make a digest').click();
    await page.getByLabel('Name').fill('The Morning Brief');
    await button('Make the digest').click();
    await heading('The Morning Brief').waitFor();
  });

  it('adds a reader whose consent the operator states', async () => {
    await openPage(page, 'Readers');
    for (const email of READERS) {
      await link('Add a subscriber').click();
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel(/I state how/).check();
      await page.getByLabel('How and where consent was given').fill('Signed at the book fair');
      await button('Add the subscriber').click();
      await heading(new RegExp(email)).waitFor();
      await page.getByText('Signed at the book fair').waitFor();
      await openPage(page, 'Readers');
    }
  });

  it('drafts an edition, shows it and sends a test', async () => {
    await openPage(page, 'Editions');
    await link('Draft an edition').click();
    await page.getByLabel('Subject').fill('Open at last');
    await page.getByLabel(/The bridge is open/).check();
    await button('Draft the edition').click();
    await page.waitForURL(/\/compose$/); // where it is written
    await link('Schedule …').click();
    await heading(/Open at last/).waitFor();
    const mail = page.frameLocator('iframe');
    await mail.getByText('nine years').filter({ visible: true }).first().waitFor();

    await page.getByRole('tab', { name: 'Send a test' }).click();
    await page.getByLabel('Addresses').fill('nonsense');
    await button('Send the test').click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.getByLabel('Addresses').fill('editor@paper.example');
    await button('Send the test').click();
    await page.getByText('The test is on its way.').waitFor();
  });

  it('sends it after a confirmation and shows that every reader was accepted', async () => {
    await button('Send now').click();
    await page.getByText('can not be called back').waitFor();
    await button('Send it now').click();
    await page.getByText('sent', { exact: true }).waitFor();
    editionPage = page.url();
    expect(await page.locator('[data-count="accepted"]').textContent()).toBe('2');
    await page
      .getByRole('row')
      .filter({ hasText: 'accepted' })
      .nth(READERS.length - 1)
      .waitFor();

    const mails = (await (await app.fetch('/mailbox/messages')).json()) as { to: string; subject: string }[];
    const got = mails.filter(({ subject }) => subject === 'Open at last').map(({ to }) => to);
    expect(got.sort()).toEqual(READERS);
  });

  it('adds a transport, tries it, and makes a DKIM key for it', async () => {
    const peer = await startSmtpPeer({ auth: { user: 'desk', password: 'right' } });
    try {
      await openPage(page, 'Delivery', 'Transports');
      await page.getByText('There are no transports yet').waitFor();
      await link('Add a transport').click();
      await field('name').fill('Harbour relay');
      await field('host').fill('127.0.0.1');
      await field('port').fill(String(peer.port));
      await field('security').selectOption('opportunistic');
      await flip(page.getByRole('switch', { name: /certificate must be valid/ }));
      await field('auth.user').fill('desk');
      await button('Add the transport').click();
      await page.getByText('Give the password to sign in with.').waitFor();
      await field('auth.password').fill('wrong');
      await field('limits.perDay').fill('5000');
      await button('Add the transport').click();
      await heading(/Harbour relay/).waitFor();

      await button('Test').click();
      await page.getByText('535 5.7.8 Wrong name or password').waitFor();
      await field('auth.password').fill('right');
      await button('Save').click();
      await page.getByText('Saved.').waitFor();
      expect(await field('auth.password').inputValue()).toBe('');
      await field('to').fill('editor@paper.example');
      await button('Test').click();
      await page.getByText('the mail was accepted').waitFor();
      expect((await peer.received(1))[0]?.to).toEqual(['editor@paper.example']);

      await field('selector').fill('news');
      await field('domain').fill('paper.example');
      await button('Make a key').click();
      await page.getByText('news._domainkey.paper.example').waitFor();
      await page.getByText(/v=DKIM1; k=rsa; p=/).waitFor();
    } finally {
      await peer.close();
    }
  });

  it('changes how much a transport sends, and deletes it after a question', async () => {
    await flip(page.getByRole('switch', { name: /Warm it up/ }));
    await field('warmUp.startPerDay').fill('60000');
    await button('Save').click();
    await page.getByText('The plan starts above its ceiling.').waitFor();
    await field('warmUp.startPerDay').fill('250');
    await flip(page.getByRole('switch', { name: /Own limits/ }));
    await page.getByLabel('Domains').fill('gmail.com googlemail.com');
    await page.getByLabel('At once').fill('4');
    await button('Save').click();
    await page.getByText('Saved.').waitFor();
    await page.getByText('0 of 250 today').waitFor();
    const [made] = (await app.api<{ data: object[] }>('GET', '/transports')).body.data;
    expect(made).toMatchObject({
      hasSecret: true,
      limits: { perDay: 5000 },
      warmUp: { startPerDay: 250 },
      domainRules: [{ domains: ['gmail.com', 'googlemail.com'], connections: 4, perSecond: null }],
    });

    await link('← Transports').click();
    await page.getByText('0 of 250 today').waitFor();
    await link('Harbour relay').click();
    await button('Delete').click();
    await button('Delete it').click();
    await page.getByText('There are no transports yet').waitFor();
  });

  it('shows a page again by its address, and nothing after signing out', async () => {
    await page.goto(editionPage);
    await page.reload();
    await heading(/Open at last/).waitFor();
    await signOut(page);
    await button('Sign in').waitFor();
    const answer = await page.evaluate("fetch('/api/v1/articles').then(({ status }) => status)");
    expect(answer).toBe(401);
  });
});
