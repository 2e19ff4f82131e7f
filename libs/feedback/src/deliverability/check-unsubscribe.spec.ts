import { checkUnsubscribe, type Reach } from './check-unsubscribe.js';

const BASE = 'https://news.example.org';
const LINK = `${BASE}/unsubscribe/a-token`;
const answer =
  (status: number, url = LINK): Reach =>
  () =>
    Promise.resolve({ status, url });
const failing =
  (error: Error): Reach =>
  () =>
    Promise.reject(error);

describe('checkUnsubscribe', () => {
  it.each<[string, string, string | null, Reach | null, string, RegExp]>([
    ['answered', BASE, LINK, answer(200), 'ok', /: 200$/],
    ['sent on to another page', BASE, LINK, answer(200, `${BASE}/bye`), 'ok', /: 200$/],
    ['not found', BASE, LINK, answer(404), 'fail', /: 404$/],
    [
      'sent on to elsewhere',
      BASE,
      LINK,
      answer(200, 'https://other.example/x'),
      'fail',
      /redirected to https:\/\/other/,
    ],
    ['sent on to http', BASE, LINK, answer(200, 'http://news.example.org/x'), 'fail', /redirected to http:/],
    ['http', 'http://news.example.org', 'http://news.example.org/u/t', answer(200), 'fail', /not https/],
    ['http, not tried', 'http://localhost:3000', null, null, 'fail', /not https/],
    ['no URL', 'news', null, null, 'fail', /no URL/],
    ['not tried', BASE, null, answer(200), 'unknown', /news/],
    ['no way to try', BASE, LINK, null, 'unknown', /news/],
    [
      'no answer',
      BASE,
      LINK,
      failing(Object.assign(new Error('x'), { code: 'ETIMEDOUT' })),
      'unknown',
      /ETIMEDOUT/,
    ],
    [
      'a bad certificate',
      BASE,
      LINK,
      failing(new Error('x', { cause: { code: 'CERT_HAS_EXPIRED' } })),
      'fail',
      /CERT_HAS/,
    ],
    ['an odd failure', BASE, LINK, failing(new Error('x')), 'unknown', /unknown/],
  ])('%s', async (_, baseUrl, listUnsubscribeUrl, reach, state, found) => {
    const line = await checkUnsubscribe({ baseUrl, listUnsubscribeUrl }, reach);
    expect(line).toMatchObject({ check: 'list_unsubscribe', state });
    expect(line.found).toMatch(found);
    expect(line.publish).toMatch(/^BASE_URL=https:\/\//);
    expect(JSON.stringify(line)).not.toContain('a-token');
  });

  it.each([
    ['https://news.example.org:8443', 'https://news.example.org:8443'],
    ['http://news.example.org:8080', 'https://news.example.org'],
    ['http://localhost:3000', 'https://news.example.org'],
  ])('proposes for %s', async (baseUrl, proposed) => {
    const { publish } = await checkUnsubscribe({ baseUrl, listUnsubscribeUrl: null }, null);
    expect(publish).toBe(`BASE_URL=${proposed}`);
  });
});
