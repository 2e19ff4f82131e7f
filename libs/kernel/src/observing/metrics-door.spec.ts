import { mayReadMetrics } from './metrics-door.js';

const TOKEN = 'sixteen or more characters';
const here = { httpVersion: '1.1', remoteAddress: '127.0.0.1', headers: { host: 'localhost' } };
const away = { httpVersion: '1.1', remoteAddress: '192.0.2.1', headers: { host: 'news.example.org' } };

test('without a token this machine alone may read them', () => {
  expect([mayReadMetrics(here, null), mayReadMetrics(away, null)]).toEqual([true, false]);
});

test('with one, whoever has it, and nobody else', () => {
  const authorization = `Bearer ${TOKEN}`;
  expect(mayReadMetrics({ ...away, headers: { authorization } }, TOKEN)).toBe(true);
  expect(mayReadMetrics({ ...away, headers: { authorization: 'Bearer other' } }, TOKEN)).toBe(false);
  expect(mayReadMetrics(here, TOKEN)).toBe(false);
});
