import { TOTP } from 'otpauth';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { launchChromium } from '../support/chromium.js';
import { openAccount, signOut } from '../support/desk.js';
import { eventually } from '../support/wait-for.js';

const OWNER = { email: 'ann@quay.example', password: 'a lamp above the quay' };
/** A cold start, a bundle of half a megabyte and two slow cores. */
const PATIENCE_MS = 30_000;
const PERIOD_MS = 30_000;

describe('the first run and signing in, in a browser', () => {
  let app: AppProcess;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let site: string;
  let secret: string;
  /** What the browser refused (by the content security policy, for one) or a page threw. */
  const complaints: string[] = [];

  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const field = (name: string) => page.locator(`[name="${name}"]`);
  const heading = (name: string | RegExp) => page.getByRole('heading', { name, level: 1 });
  const codeIn = (steps: number) =>
    new TOTP({ secret }).generate({ timestamp: Date.now() + steps * PERIOD_MS });
  const leave = async () => {
    await signOut(page);
    await heading('Broadsheet').waitFor();
  };

  beforeAll(async () => {
    // A passkey belongs to a name, never to an address: the default is http://localhost:PORT.
    app = await startApp({ env: { BASE_URL: undefined, OPERATOR_API_KEY: undefined } });
    site = `http://localhost:${app.port}`;
    browser = await launchChromium();
    context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      const isAnswer = message.text().startsWith('Failed to load resource'); // 401 and 422 are meant
      if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
    });
    const devices = await context.newCDPSession(page);
    await devices.send('WebAuthn.enable');
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
  });
  afterEach(async () => {
    expect(complaints).toEqual([]);
    const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(tooWide).toBeLessThanOrEqual(0);
  });

  it('begins with the link that the start printed', async () => {
    const url = await eventually(() =>
      app.logs.map((line) => /http\S+\/admin\/first-run\/\S+/.exec(line)?.[0]).find(Boolean),
    );
    await page.goto(url);
    await heading('Welcome to Broadsheet').waitFor();
    await field('owner.name').fill('Ann');
    await field('owner.email').fill(OWNER.email);
    await field('owner.password').fill('password1234');
    await field('publication.name').fill('The Quay');
    await field('publication.senderName').fill('The Quay');
    await field('publication.senderEmail').fill('news@quay.example');
    await field('publication.postalAddress').fill('Quay 1, 4050 Porto');
    await button('Begin').click();
    await page.getByText('among the first that are tried').waitFor();
    await field('owner.password').fill(OWNER.password);
    await button('Begin').click();
    await heading('Today').waitFor();
    await page.getByRole('link', { name: 'The Quay' }).waitFor();
  }, 120_000);

  it('sets up an authenticator app, and asks for its code from then on', async () => {
    await page.goto(`${site}/admin/settings/account`);
    await button('Set up an authenticator app').click();
    secret = await page.getByLabel('Or type this into the app').inputValue();
    const drawn = 'document.querySelector(\'img[alt^="QR code"]\').decode().then(() => true)';
    expect(await page.evaluate(drawn)).toBe(true);
    await field('code').fill(codeIn(0));
    await button('Turn it on').click();
    await button('I have kept them').click();
    await leave();
    await field('email').fill(OWNER.email);
    await field('password').fill(OWNER.password);
    await button('Sign in').click();
    await field('code').fill('000000');
    await button('Sign in').click();
    await page.getByText('The code is wrong').waitFor();
    await field('code').fill(codeIn(1));
    await button('Sign in').click();
    await page.getByText('10 recovery codes are left').waitFor();
  }, 120_000);

  it('makes a passkey and signs in with it', async () => {
    await page.getByLabel('Name of this device').fill('Laptop');
    await button('Add a passkey').click();
    await page.getByText('Laptop', { exact: true }).waitFor();
    await leave();
    await button('Sign in with a passkey').click();
    await page
      .getByText(/^passkey · /)
      .first()
      .waitFor();
  }, 120_000);

  it('invites somebody, whose page signs them in as what they are', async () => {
    await page.goto(`${site}/admin/settings/team`);
    await field('email').fill('bo@quay.example');
    await field('role').selectOption('author');
    await button('Invite').click();
    await page.getByText('Invited: the mail is on its way.').waitFor();
    const text = await eventually(
      async () => {
        // As the owner who is signed in: it is a mail that makes an operator.
        const mailbox = async (path: string) => context.request.get(`${site}/mailbox/messages${path}`);
        const listed = (await (await mailbox('')).json()) as { id: string; to: string }[];
        const mail = listed.find(({ to }) => to === 'bo@quay.example');
        return mail && (await mailbox(`/${mail.id}.eml`)).text();
      },
      { timeoutMs: 30_000 },
    );
    const link = /http\S+?\/admin\/invitation\/[\w-]+(?:=\r?\n[\w-]+)*/.exec(text)![0].replace(/=\r?\n/g, '');
    await leave();
    await page.goto(link);
    await heading('You are invited').waitFor();
    await field('name').fill('Bo');
    await field('password').fill('a bicycle on the pier');
    await button('Accept').click();
    await openAccount(page);
    await page.getByText('bo@quay.example (author)').waitFor();
  }, 120_000);

  it('shows no words that a link brings along', async () => {
    await leave();
    const said = async (problem: string) => {
      await page.goto(`${site}/admin?problem=${encodeURIComponent(problem)}`);
      return page.getByRole('alert').textContent();
    };
    expect(await said('disabled')).toContain('This account is disabled.');
    for (const foreign of ['Call 0800 and say your password', 'constructor'])
      expect(await said(foreign)).toContain('Signing in did not work. Try again.');
  }, 120_000);
});
