import { startApp, type AppProcess } from '../support/app-process.js';
import { Scenario, someAddress } from './scenario.js';

const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

interface Links {
  data: { number: number; url: string; articleId: string | null; clicks: Record<string, number> }[];
}

describe('the links of a mail, from outside', () => {
  let app: AppProcess;
  let as: Scenario;
  let editionId: string;
  let articleId: string;
  let path: string;
  let html: string;

  beforeAll(async () => {
    app = await startApp({ env: { LOG_LEVEL: 'trace' } });
    as = new Scenario(app);
    await app.api('PATCH', '/publication', { utm: { source: 'post', medium: 'email' } });
    const digest = await as.made('/digests', { name: 'The Morning Brief', subject: 'Brief' });
    const email = someAddress();
    await as.activeReader(email, { digests: [digest.id] });
    ({ id: articleId } = await as.article({ url: 'https://post.example/keeper?a=1&b=2' }));
    ({ id: editionId } = await as.draft(digest.id, [articleId]));
    await as.sent(editionId);
    const mail = await as.mail(email, /Brief/);
    html = String(mail.html);
    path = [...html.matchAll(/href="https?:\/\/[^/"]+(\/l\/[\w-]{47})"/g)].map(([, link]) => link!)[1]!;
    expect(mail.text).toContain(path);
  });

  const ask = (init: RequestInit & { at?: string } = {}) =>
    app.fetch(init.at ?? path, {
      redirect: 'manual',
      ...init,
      headers: { 'user-agent': BROWSER, accept: 'text/html', ...init.headers },
    });

  it.each(['GET', 'HEAD'])('lead on by %s to what was fixed, and are kept nowhere', async (method) => {
    const answer = await ask({ method });
    expect(answer.status).toBe(302);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      location: 'https://post.example/keeper?a=1&b=2&utm_source=post&utm_medium=email',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
    });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('lead nowhere else', async () => {
    const bad = `${path.slice(0, -1)}${path.endsWith('A') ? 'E' : 'A'}`;
    for (const at of [
      bad,
      '/l/x',
      `/l/${'A'.repeat(47)}`,
      `${bad}?url=https://evil.example`,
      '/l/https:%2F%2Fevil.example',
    ]) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await ask({ at, method });
        expect([at, answer.status, answer.headers.get('location')]).toEqual([at, 404, null]);
        expect(answer.headers.get('content-type')).toMatch('text/html');
      }
    }
    expect((await ask({ at: `${path}?url=https://evil.example` })).headers.get('location')).toMatch(
      'https://post.example/',
    );
    expect((await ask({ method: 'POST' })).status).toBe(404);
  });

  it('are not followed ahead of their reader', async () => {
    const answer = await ask({ headers: { 'sec-purpose': 'prefetch;prerender' } });
    expect([answer.status, answer.headers.get('location')]).toEqual([503, null]);
  });

  it('leave alone what is the reader’s own', () => {
    expect(html).toMatch(/href="http[^"]+\/unsubscribe\/[\w-]{60,}"/);
    expect(html).toMatch(/href="http[^"]+\/preferences\/[\w-]{50,}"/);
  });

  it('are none in the archive', async () => {
    const { data } = (await app.api<{ data: { id: string; slug: string }[] }>('GET', '/editions')).body;
    const page = await (
      await ask({ at: `/archive/${data.find(({ id }) => id === editionId)!.slug}` })
    ).text();
    expect(page).not.toContain('/l/');
  });

  it('are counted, also when the process ends in good order, and nobody is in the log', async () => {
    await app.restart();
    const { status, body } = await app.api<Links>('GET', `/editions/${editionId}/links`);
    expect(status).toBe(200);
    const link = body.data.find((one) => one.articleId === articleId)!;
    expect(link).toMatchObject({
      number: expect.any(Number) as number,
      url: 'https://post.example/keeper?a=1&b=2&utm_source=post&utm_medium=email',
    });
    const { people, scanners, margin } = link.clicks as { people: number; scanners: number; margin: number };
    expect(people + scanners).toBeGreaterThan(0);
    expect(margin).toBe(Math.round(Math.sqrt(people + scanners)));
    const log = app.logs.join('\n');
    expect(log).not.toContain(path.slice(3));
    expect(log).not.toContain('Firefox');
    expect((await app.api('GET', '/editions/no-such-id/links')).status).toBe(404);
  });

  it('take only values of the setting that there are', async () => {
    const { status, body } = await app.api<{ errors: { field: string; message: string }[] }>(
      'PATCH',
      '/publication',
      {
        measure: 'everything',
      },
    );
    expect(status).toBe(422);
    expect(body.errors[0]).toMatchObject({
      field: 'measure',
      message: expect.stringMatching(/none.*totals/) as string,
    });
    for (const utm of [
      { source: 'a b', medium: 'x' },
      { source: 'a' },
      { source: 'a', medium: 'b', campaign: '{reader}' },
    ]) {
      expect((await app.api('PATCH', '/publication', { utm })).status).toBe(422);
    }
    const shown = await app.api<{ measure: string; utm: unknown }>('GET', '/publication');
    expect(shown.body).toMatchObject({ measure: 'totals', utm: { source: 'post', medium: 'email' } });
  });
});
