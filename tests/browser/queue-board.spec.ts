import { startApp } from '../support/app-process.js';
import { launchChromium } from '../support/chromium.js';

const PATIENCE_MS = 15_000;

it('shows the queues to an operator who has signed in', async () => {
  const app = await startApp();
  const browser = await launchChromium();
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Its font would come from elsewhere, and is refused: the operator's browser asks nobody else.
    const isFont = message.text().includes('fonts.googleapis.com');
    if (message.type() === 'error' && !isFont) complaints.push(message.text());
  });

  await page.goto(`${app.url}/admin/queues`);
  await page.getByText('API key', { exact: true }).click();
  await page.getByRole('textbox', { name: 'API key' }).fill(app.apiKey);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('link', { name: 'Digests', exact: true }).waitFor();
  complaints.splice(0); // 401 was meant

  await page.goto(`${app.url}/admin/queues`);
  for (const queue of ['clock', 'mail', 'edition', 'delivery', 'feeds', 'readers', 'imports', 'exports']) {
    await page.getByText(queue, { exact: true }).first().waitFor();
  }
  await page.goto(`${app.url}/admin/queues/queue/delivery`);
  await page.getByText('delivery', { exact: true }).first().waitFor();
  expect(complaints).toEqual([]);
});
