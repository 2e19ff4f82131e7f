import { startApp, type AppProcess } from '../support/app-process.js';
import { Scenario, pathIn, someAddress } from './scenario.js';

describe('the main job, on the embedded stores', () => {
  let app: AppProcess;
  let as: Scenario;
  let digestId: string;

  beforeAll(async () => {
    app = await startApp({ fromNothing: true });
    as = new Scenario(app);
    digestId = (await as.made('/digests', { name: 'Morning Digest' })).id;
  });

  it('goes from sign-up to one-click, and the next edition skips the reader', async () => {
    const [reader, other] = [someAddress(), someAddress()];
    const article = await as.article();
    const page = await (await app.fetch(new URL(article.pageUrl).pathname)).text();
    expect(page).toContain('name="terms"');
    expect(page).toMatch(/href="\/terms[^"]*"/);

    expect((await as.signUp(reader, { terms: '' })).status).toBe(422);
    expect(await as.statusOf(reader)).toBeUndefined();
    expect((await as.signUp(reader)).status).toBe(200);
    await as.activeReader(other);

    const confirmation = await as.mail(reader, /confirm/i);
    const confirmPath = pathIn(confirmation, 'confirm');
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await app.fetch(confirmPath, { method });
    expect(await as.statusOf(reader)).toBe('pending');
    expect((await app.fetch(confirmPath, { method: 'POST' })).status).toBe(200);
    expect(await as.statusOf(reader)).toBe('active');

    const first = await as.sent((await as.draft(digestId, [article.id])).id);
    expect(first.counts).toMatchObject({ recipients: 2, accepted: 2, queued: 0, claimed: 0 });
    const mail = await as.mail(reader, /lighthouse/);
    expect(mail.text).toContain('“I like the quiet,” she said.');
    expect(mail.headers.get('list')).toBeDefined();
    expect(mail.source).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);

    const oneClick = pathIn(mail, 'unsubscribe');
    for (const method of ['GET', 'HEAD', 'OPTIONS']) await app.fetch(oneClick, { method });
    expect(await as.statusOf(reader)).toBe('active');
    for (let again = 0; again < 2; again++) {
      const answer = await app.fetch(oneClick, {
        method: 'POST',
        body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
      });
      expect(answer.status).toBe(200);
      expect(answer.headers.get('set-cookie')).toBeNull();
    }
    expect(await as.statusOf(reader)).toBe('unsubscribed');

    const second = await as.article({ title: 'The ferry is late again' });
    const next = await as.sent((await as.draft(digestId, [second.id])).id);
    expect(next.counts).toMatchObject({ recipients: 1, accepted: 1 });
    expect((await as.mails(reader)).some((one) => /ferry/.test(one.subject))).toBe(false);
  });

  it('takes one-click as multipart too, and sends no receipt for it', async () => {
    const reader = someAddress();
    await as.activeReader(reader);
    const article = await as.article({ title: 'Bread prices fall' });
    await as.sent((await as.draft(digestId, [article.id])).id);
    const path = pathIn(await as.mail(reader, /Bread/), 'unsubscribe');
    const form = new FormData();
    form.set('List-Unsubscribe', 'One-Click');
    expect((await app.fetch(path, { method: 'POST', body: form })).status).toBe(200);
    expect(await as.statusOf(reader)).toBe('unsubscribed');
    expect(await as.mails(reader)).toHaveLength(1);
  });

  it('answers a sign-up alike for new, known and suppressed addresses, and lets a token serve one purpose only', async () => {
    const [known, suppressed, unknown] = [someAddress(), someAddress(), someAddress()];
    await as.activeReader(known);
    await as.made('/suppressions', { email: suppressed, reason: 'operator' });
    const answers = [];
    for (const email of [known, suppressed, unknown]) {
      const answer = await app.fetch('/subscribe', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, terms: 'accepted' }),
      });
      answers.push([answer.status, await answer.json()]);
    }
    expect(answers).toEqual(Array(3).fill([202, { status: 'pending' }]));

    const confirm = pathIn(await as.mail(unknown, /confirm/i), 'confirm');
    const token = confirm.split('/').at(-1) ?? '';
    for (const other of ['unsubscribe', 'preferences']) {
      const answer = await app.fetch(`/${other}/${token}`, { method: 'POST', body: new URLSearchParams() });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect(await as.statusOf(unknown)).toBe('pending');
    expect(await as.mails(suppressed)).toEqual([]);
  });

  it('gives a reader who signed up before there was any digest the first one made', async () => {
    const fresh = new Scenario(await startApp());
    const reader = someAddress();
    await fresh.activeReader(reader);
    const digest = await fresh.made('/digests', { name: 'First' });
    const article = await fresh.article();
    const edition = await fresh.sent((await fresh.draft(digest.id, [article.id])).id);
    expect(edition.counts.accepted).toBe(1);
  });

  it('sends a test to an address that is no subscriber, and a scheduled edition at its time', async () => {
    const article = await as.article({ title: 'Snow on the pass' });
    const edition = await as.draft(digestId, [article.id]);
    await as.made(`/editions/${edition.id}/test`, { to: ['desk@newsroom.example'] });
    expect((await as.mail('desk@newsroom.example', /Snow/)).subject).toMatch(/^\[Test\] /);
    expect((await as.edition(edition.id)).status).toBe('draft');

    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const scheduled = await as.made<{ status: string }>(`/editions/${edition.id}/schedule`, { sendAt: soon });
    expect(scheduled.status).toBe('scheduled');
    await as.made(`/editions/${edition.id}/cancel`);
    expect((await as.edition(edition.id)).status).toBe('cancelled');
  });
});
