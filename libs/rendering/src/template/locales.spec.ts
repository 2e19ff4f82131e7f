import {
  catalogue,
  direction,
  formatDate,
  formatList,
  greeting,
  LOCALES,
  resolveLocale,
  translate,
} from './locales.js';

const variables = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

describe('the catalogues', () => {
  test.each(LOCALES)('%s has the keys of en, with the same variables', (locale) => {
    const [base, other] = [catalogue('en'), catalogue(locale)];
    expect(Object.keys(other).sort()).toEqual(Object.keys(base).sort());
    for (const [key, text] of Object.entries(base)) {
      expect({ key, variables: variables(other[key] ?? '') }).toEqual({ key, variables: variables(text) });
    }
  });
});

describe('resolveLocale', () => {
  test.each([
    ['de-AT', 'en', 'de'],
    ['DE_at', 'en', 'de'],
    ['pt-BR', 'fr-CA', 'fr'],
    ['pt', 'xx', 'en'],
    [null, 'ar', 'ar'],
    ['', 'es', 'es'],
  ])('%s, else %s: %s', (wanted, fallback, expected) => {
    expect(resolveLocale(wanted, fallback)).toBe(expected);
  });
});

describe('translate', () => {
  test('fills variables, and leaves what it does not know', () => {
    expect(translate('de', 'mail.by', { author: 'Ann' })).toBe('Von Ann');
    expect(translate('en', 'mail.by')).toBe('By {author}');
    expect(translate('en', 'mail.by', { author: '$& {author}' })).toBe('By $& {author}');
  });

  test('falls back to en for the locale and to the key for the text', () => {
    expect(translate('xx', 'mail.read_on')).toBe('Read on');
    expect(translate('de', 'no.such.key')).toBe('no.such.key');
    expect(translate('en', 'mail.by', { toString: 'x' })).toBe('By {author}');
  });

  test('isolates variables where the text runs from right to left', () => {
    expect(translate('ar', 'mail.by', { author: 'Ann' })).toContain('\u2068Ann\u2069');
  });
});

describe('greeting', () => {
  test.each([
    ['Anna', 'Hello Anna,'],
    ['J. R. R. Tolkien', 'Hello J. R. R. Tolkien,'],
    ['  ', 'Hello,'],
    [null, 'Hello,'],
    ['An\r\nna', 'Hello An na,'],
    ['WIN http://spam.example', 'Hello,'],
    ['see spam.example/now', 'Hello,'],
    ['x'.repeat(61), 'Hello,'],
  ])('%j: %s', (name, expected) => {
    expect(greeting('en', name)).toBe(expected);
  });
});

test('directions, dates and lists', () => {
  expect([direction('ar'), direction('ar-EG'), direction('de')]).toEqual(['rtl', 'rtl', 'ltr']);
  const date = new Date('2026-11-22T23:30:00Z');
  expect(formatDate('en', date, 'Europe/London')).toBe(
    'Sunday, 22 November 2026'.replace(',', formatComma()),
  );
  expect(formatDate('de', date, 'Europe/Berlin', 'short')).toBe('23. November 2026');
  expect(formatList('en', ['A', 'B', 'C'])).toBe('A, B and C');
  expect(formatList('de', ['A', 'B'])).toBe('A und B');
});

/** ICU versions differ on the comma after the day of the week in British English. */
function formatComma(): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' }).format(0).includes(',') ? ',' : '';
}
