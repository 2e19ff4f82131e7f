import { startApp, type AppProcess } from '../support/app-process.js';
import { OperatorSession } from '../support/operator-session.js';
import { eventually } from '../support/wait-for.js';
import { Scenario } from './scenario.js';

const OWNER = { email: 'ann@post.example', name: 'Ann', password: 'a lamp above the quay' };

const linksOf = (app: AppProcess) =>
  app.logs.flatMap((line) => /\/admin\/first-run\/([\w-]+)/.exec(line)?.[1] ?? []);

describe('the first run', () => {
  let app: AppProcess;
  beforeAll(async () => {
    app = await startApp({ env: { OPERATOR_API_KEY: undefined } });
  });

  it('prints a link that makes owner, publication, terms, digest and a first mail; once, and only the newest', async () => {
    await eventually(() => linksOf(app).length === 1);
    await app.restart();
    await eventually(() => linksOf(app).length === 2);
    const [old, token] = linksOf(app);
    const browser = new OperatorSession(app);
    const run = (of: string | undefined, body: object) => browser.call('POST', `/api/first-run/${of}`, body);
    const input = {
      owner: OWNER,
      publication: {
        name: 'The Quay',
        senderName: 'The Quay',
        senderEmail: 'news@quay.example',
        postalAddress: 'Quay 1\n4050 Porto',
        timeZone: 'Europe/Lisbon',
      },
      terms: { text: 'We send you the news of the quay.' },
      digest: { name: 'Morning' },
    };
    expect((await browser.call('GET', `/api/first-run/${old}`)).status).toBe(404);
    expect((await run(old, input)).status).toBe(404);
    expect((await browser.call('GET', `/api/first-run/${token}`)).body).toMatchObject({
      publication: { name: 'Broadsheet' },
    });
    const bad = await run(token, { ...input, owner: { ...OWNER, password: 'short' }, publication: {} });
    expect(bad.status).toBe(422);
    expect((bad.body as unknown as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['owner.password', 'publication.name', 'publication.postalAddress']),
    );

    const made = await Promise.all([run(token, input), run(token, input)]);
    expect(made.map(({ status }) => status).sort()).toEqual([201, 404]);
    expect((await browser.api('GET', '/publication')).body).toMatchObject({
      name: 'The Quay',
      postalAddress: 'Quay 1\n4050 Porto',
    });
    expect((await browser.api<{ data: unknown[] }>('GET', '/digests')).body.data).toMatchObject([
      { name: 'Morning' },
    ]);
    expect((await browser.api<{ data: unknown[] }>('GET', '/terms')).body.data[0]).toMatchObject({
      text: 'We send you the news of the quay.',
    });
    expect((await browser.api<{ data: unknown[] }>('GET', '/operators')).body.data).toMatchObject([
      { email: OWNER.email, role: 'owner', status: 'active' },
    ]);
    const mail = await new Scenario(app).mail(OWNER.email, /first mail/);
    expect(mail.from?.text).toContain('news@quay.example');

    await app.restart();
    await eventually(() => app.logs.filter((line) => line.includes('is ready')).length === 3);
    expect(await new OperatorSession(app).signIn(OWNER.email, OWNER.password)).toEqual([200, undefined]);
    expect(linksOf(app)).toHaveLength(2);
  }, 120_000);
});
