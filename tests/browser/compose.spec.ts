import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startApp, type AppProcess } from '../support/app-process.js';
import { seriousFindings } from '../support/axe.js';
import { launchChromium } from '../support/chromium.js';
import { eventually } from '../support/wait-for.js';

interface Edition {
  id: string;
  status: string;
  subject: string | null;
  intro: string | null;
  heldUntil: string | null;
  stories: { articleId: string; title: string; section: string | null }[];
}

const PATIENCE_MS = 15_000;
const READERS = 3;

/** An edition is written, sent and taken back; by one and by two. */
describe('composing an edition', () => {
  let app: AppProcess;
  let browser: Browser;
  let digestId: string;
  const articles: string[] = [];
  /** What the browser refused or a page threw. */
  const complaints: string[] = [];

  const made = async (path: string, body?: unknown) => {
    const answer = await app.api<{ id: string }>('POST', path, body);
    expect(answer.status).toBeLessThan(300);
    return answer.body.id;
  };
  const edition = async (id: string) => (await app.api<Edition>('GET', `/editions/${id}`)).body;
  const drafted = (stories: object[] = []) =>
    made(`/digests/${digestId}/editions`, stories.length > 0 ? { stories } : { articleIds: [articles[0]] });

  const signedIn = async (width = 1280): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ viewport: { width, height: 860 } });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${app.url}/admin/`);
    await page.getByText('API key', { exact: true }).click();
    await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor({ state: 'detached' });
    return { context, page };
  };
  const compose = async (page: Page, id: string) => {
    await page.goto(`${app.url}/admin/editions/${id}/compose`);
    await page.getByRole('textbox', { name: 'Subject' }).waitFor();
  };
  const saved = (page: Page) => page.locator('[data-keeping="kept"]').waitFor();
  const sectionsOf = async (id: string) =>
    (await edition(id)).stories.map(({ title, section }) => `${section}: ${title}`);

  beforeAll(async () => {
    app = await startApp();
    for (const title of ['The bridge is open', 'Eels return', 'Ferry fares rise', 'A <b>bold</b> dog']) {
      articles.push(await made('/articles', { title, body: 'It happened at the quay.', format: 'text' }));
    }
    digestId = await made('/digests', { name: 'The Morning Brief' });
    const consent = { source: 'a form at the fair', terms: 'accepted' };
    for (let n = 0; n < READERS; n++) {
      await made('/subscribers', { email: `reader${n}@reader.example`, status: 'active', consent });
    }
    browser = await launchChromium();
  }, 120_000);
  afterEach(() => {
    expect(complaints.splice(0)).toEqual([]);
  });

  it('finds stories, puts them in sections by keyboard, keeps what is written, and shows the mail', async () => {
    const { context, page } = await signedIn();
    const id = await drafted();
    await compose(page, id);
    await page.getByRole('searchbox', { name: 'Find stories' }).fill('eels');
    await page.getByRole('button', { name: 'Add Eels return' }).click();
    await page.getByRole('searchbox', { name: 'Find stories' }).fill('');
    await page.getByRole('button', { name: 'Add A <b>bold</b> dog' }).click();
    await page.getByRole('combobox', { name: 'Section of A <b>bold</b> dog' }).selectOption('In brief');
    await page.getByRole('combobox', { name: 'Section of The bridge is open' }).selectOption('Lead');
    await page.getByRole('textbox', { name: 'Introduction' }).fill('Good **morning**.');
    await page.getByRole('textbox', { name: 'Subject' }).fill('The news');
    await saved(page);
    expect(await sectionsOf(id)).toEqual([
      'lead: The bridge is open',
      'main: Eels return',
      'brief: A <b>bold</b> dog',
    ]);
    expect(await edition(id)).toMatchObject({ subject: 'The news', intro: 'Good **morning**.' });
    const mail = page.frameLocator('iframe[title="The mail as readers get it"]');
    await mail.getByText('In brief', { exact: true }).waitFor();
    await mail.getByRole('link', { name: 'A <b>bold</b> dog' }).waitFor(); // a title stays text
    await mail.locator('strong', { hasText: 'morning' }).waitFor();
    await context.close();
  });

  it('moves a story by the keyboard’s drag and by the mouse’s', async () => {
    const { context, page } = await signedIn();
    const id = await drafted([
      { articleId: articles[0], section: 'main' },
      { articleId: articles[1], section: 'main' },
      { articleId: articles[2], section: 'main' },
    ]);
    await compose(page, id);
    const grip = page.getByRole('button', { name: 'Move Eels return', exact: true });
    await grip.focus();
    await page.keyboard.press('Space');
    await page.getByText('Eels return is over Eels return').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowUp');
    await page.getByText('Eels return is over The bridge is open').waitFor({ state: 'attached' });
    await page.keyboard.press('Space');
    await eventually(async () => (await sectionsOf(id))[0] === 'main: Eels return', {
      timeoutMs: PATIENCE_MS,
    });

    const ferry = page.getByRole('button', { name: 'Move Ferry fares rise', exact: true });
    const target = page.locator('.story-section').first();
    await ferry.hover(); // once nothing moves any more
    const from = await ferry.boundingBox();
    await page.mouse.down();
    await page.mouse.move(from!.x + 8, from!.y - 30, { steps: 4 });
    // What is dragged makes room for itself, so the place is looked for on the way.
    for (let step = 0; step < 4; step++) {
      const to = await target.boundingBox();
      await page.mouse.move(to!.x + 60, to!.y + to!.height / 2, { steps: 6 });
    }
    await page.mouse.up();
    await eventually(async () => (await sectionsOf(id))[0] === 'lead: Ferry fares rise', {
      timeoutMs: PATIENCE_MS,
    });
    await context.close();
  });

  it('is sent, counted down and taken back; then sent for good', async () => {
    const { context, page } = await signedIn();
    const id = await drafted();
    await compose(page, id);
    await page.getByRole('button', { name: 'Send …' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`of ${READERS} active readers`).waitFor();
    await dialog.getByRole('button', { name: `Send it to ${READERS} readers` }).click();
    const undo = page.getByRole('button', { name: 'Undo' });
    await undo.waitFor();
    expect(await edition(id)).toMatchObject({ status: 'scheduled', heldUntil: expect.any(String) as string });
    expect(await seriousFindings(page)).toEqual([]);
    await undo.click();
    await page.getByRole('textbox', { name: 'Subject' }).waitFor(); // back where it was written
    expect(await edition(id)).toMatchObject({ status: 'draft', heldUntil: null });
    await page.getByRole('button', { name: 'Send …' }).click();
    await dialog.getByRole('button', { name: `Send it to ${READERS} readers` }).click();
    await page.getByText('It is about to be sent.').waitFor();
    await eventually(async () => (await edition(id)).status === 'sent', { timeoutMs: 90_000 });
    await context.close();
  }, 180_000);

  it('names what keeps it from being sent', async () => {
    const { context, page } = await signedIn();
    const unfinished = await made('/articles', { title: 'Not yet', body: 'x', format: 'text', draft: true });
    const id = await drafted([
      { articleId: articles[0], section: 'lead' },
      { articleId: unfinished, section: 'main' },
    ]);
    await compose(page, id);
    await page.getByText('is a draft, so the edition can not be sent').first().waitFor();
    await page.getByRole('button', { name: 'Send …' }).click();
    await page.getByRole('dialog').getByText('It cannot be sent so').waitFor();
    expect(
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Send it/ })
        .isDisabled(),
    ).toBe(true);
    await context.close();
  });

  it('two at once lose nothing: what differs is merged, and of what both changed one is chosen', async () => {
    const id = await drafted();
    const [one, two] = [await signedIn(), await signedIn()];
    await Promise.all([compose(one.page, id), compose(two.page, id)]);
    await one.page.getByRole('textbox', { name: 'Subject' }).fill('By one');
    await two.page.getByRole('textbox', { name: 'Introduction' }).fill('By two');
    await eventually(
      async () => {
        const { subject, intro } = await edition(id);
        return subject === 'By one' && intro === 'By two';
      },
      { timeoutMs: PATIENCE_MS },
    );
    await one.page.locator('textarea[name="intro"]', { hasText: 'By two' }).waitFor();
    await two.page.locator('input[name="subject"][value="By one"]').waitFor();

    // The other one changes the same while this one writes.
    await one.page.getByRole('textbox', { name: 'Subject' }).fill('Mine');
    await app.api('PATCH', `/editions/${id}`, { subject: 'Theirs' });
    const dialog = one.page.getByRole('dialog');
    await dialog.getByText('has changed the same').waitFor();
    await dialog.getByText('Mine', { exact: true }).waitFor();
    await dialog.getByText('Theirs', { exact: true }).waitFor();
    expect(await seriousFindings(one.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Go on with these' }).click();
    await eventually(async () => (await edition(id)).subject === 'Mine', { timeoutMs: PATIENCE_MS });

    await one.page.getByRole('button', { name: 'History' }).click();
    const versions = one.page.getByRole('dialog').getByRole('listitem');
    await versions.nth(1).waitFor();
    await versions
      .last()
      .getByRole('button', { name: /^Restore/ })
      .click();
    await eventually(async () => (await edition(id)).subject === null, { timeoutMs: PATIENCE_MS });
    await one.context.close();
    await two.context.close();
  }, 120_000);

  it.each([1280, 360])(
    'keeps nobody out, and fits: %d px',
    async (width) => {
      const { context, page } = await signedIn(width);
      const id = await drafted([
        { articleId: articles[0], section: 'lead' },
        { articleId: articles[1], section: 'main' },
      ]);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await compose(page, id);
        await page.getByRole('heading', { name: 'Checks' }).waitFor();
        expect(await seriousFindings(page)).toEqual([]);
        const tooWide = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(tooWide).toBeLessThanOrEqual(0);
      }
      await context.close();
    },
    60_000,
  );
});
