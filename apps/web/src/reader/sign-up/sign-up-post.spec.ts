import { formOf, inputOf, isTrapped, pageUrlOf, sawOtherWords } from './sign-up-post.js';

const origin = 'https://news.example.org';

test.each([
  [{ pageUrl: 'https://blog.example.net/story' }, undefined, 'https://blog.example.net/story'],
  [{ pageUrl: 'javascript:alert(1)' }, `${origin}/a/x`, `${origin}/a/x`],
  [{}, `${origin}/a/x`, `${origin}/a/x`],
  [{}, 'https://elsewhere.example/a', undefined],
  [{}, 'no url', undefined],
  [{ pageUrl: '' }, undefined, undefined],
])('the page of %j after %s is %s', (fields, referer, expected) => {
  expect(pageUrlOf(fields, { referer, origin })).toBe(expected);
});

test.each([
  [{ form: 'article' }, false, 'article'],
  [{ form: 'subscribe' }, false, 'subscribe'],
  [{ form: 'nonsense' }, false, 'subscribe'],
  [{ form: 'embed' }, true, 'embed'],
  [{ form: 'article' }, true, 'json'],
  [{}, true, 'json'],
] as const)('%j (JSON: %s) is the form %s', (fields, json, expected) => {
  expect(formOf(fields, json)).toBe(expected);
});

test('only what people cannot see traps a bot', () => {
  expect(isTrapped({ website: 'https://spam.example' })).toBe(true);
  expect(isTrapped({ website: '' })).toBe(false);
  expect(isTrapped({})).toBe(false);
});

test.each([
  [{}, false],
  [{ sentence: 'I agree.', termsVersion: '3' }, false],
  [{ sentence: 'I agree!' }, true],
  [{ sentence: 'I agree.', termsVersion: '2' }, true],
])('%j saw other words: %s', (fields, expected) => {
  expect(sawOtherWords(fields, 'I agree.', 3)).toBe(expected);
});

test('what a browser got wrong is dropped, what a program got wrong is not', () => {
  const fields = { email: 'x', timeZone: 'Mars/Base', pageUrl: 'nonsense' };
  expect(inputOf(fields, 'article', 'de', undefined)).toEqual({ email: 'x', locale: 'de' });
  expect(inputOf(fields, 'json', 'de', undefined)).toEqual({ ...fields, locale: 'de' });
  expect(inputOf({ timeZone: 'Europe/Berlin', locale: 'fr' }, 'embed', 'de', 'https://a.example/')).toEqual({
    timeZone: 'Europe/Berlin',
    locale: 'fr',
    pageUrl: 'https://a.example/',
  });
});

test('a weekday counts with the weekly cadence: the list is always posted', () => {
  const fields = { email: 'x', cadence: 'daily', weekday: '1', hour: '7', alerts: 'true' };
  expect(inputOf(fields, 'subscribe', 'de', undefined)).toMatchObject({
    cadence: 'daily',
    weekday: undefined,
    hour: '7',
    alerts: 'true',
  });
  expect(inputOf({ ...fields, cadence: 'weekly' }, 'subscribe', 'de', undefined)).toMatchObject({
    weekday: '1',
  });
  expect(inputOf(fields, 'json', 'de', undefined)).toMatchObject({ cadence: 'daily', weekday: '1' });
});
