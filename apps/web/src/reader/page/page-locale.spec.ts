import { acceptedLanguages, languageNames, pageLocale } from './page-locale.js';

describe('acceptedLanguages', () => {
  test.each([
    [undefined, []],
    ['de', ['de']],
    ['da, en-GB;q=0.8, en;q=0.7', ['da', 'en-GB', 'en']],
    ['en;q=0.1, fr', ['fr', 'en']],
    ['*, de;q=0, es;q=nonsense', []],
  ])('%s', (header, expected) => {
    expect(acceptedLanguages(header)).toEqual(expected);
  });
});

describe('pageLocale', () => {
  test.each([
    [{ override: 'ar', reader: 'de', acceptLanguage: 'fr' }, 'en', 'ar'],
    [{ override: 'xx', reader: 'de-AT', acceptLanguage: 'fr' }, 'en', 'de'],
    [{ override: ['de'], acceptLanguage: 'fr-CA' }, 'en', 'fr'],
    [{ acceptLanguage: 'pt, es;q=0.5' }, 'de', 'es'],
    [{ acceptLanguage: 'en-US' }, 'de', 'en'],
    [{ acceptLanguage: 'pt' }, 'de', 'de'],
    [{}, 'pt', 'en'],
  ])('%j, else %s: %s', (wishes, fallback, expected) => {
    expect(pageLocale(wishes, fallback)).toBe(expected);
  });
});

test('languages are named as their speakers do', () => {
  expect(languageNames()).toContainEqual({ locale: 'fr', name: 'Français' });
});
