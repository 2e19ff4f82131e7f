import fc from 'fast-check';
import { encodeBetweenBreaks, encodeQuotedPrintable } from './quoted-printable.js';

/** RFC 2045 §6.7, read strictly: what is not allowed there throws. */
function decode(encoded: string): string {
  if (/[^\t\r\n\x20-\x7e]|=(?![0-9A-F]{2}|\r\n)|(?<!\r)\n|\r(?!\n)|[ \t]\r\n|[ \t]$/.test(encoded)) {
    throw new Error(`Not quoted-printable: ${JSON.stringify(encoded)}`);
  }
  const bytes = encoded
    .replaceAll('=\r\n', '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

const encode = (text: string) => encodeQuotedPrintable(text).encoded;

test.each([
  ['', ''],
  ['a=b', 'a=3Db'],
  ['é', '=C3=A9'],
  ['a \nb\t', 'a=20\r\nb=09'],
  ['a\rb\r\nc\nd', 'a\r\nb\r\nc\r\nd'],
  ['.', '=2E'],
  ['..a\n.b', '=2E.a\r\n=2Eb'],
  ['From me\nFromage', '=46rom me\r\nFromage'],
])('%j: %j', (text, expected) => {
  expect(encode(text)).toBe(expected);
});

test('a dot that a soft break would put first is encoded', () => {
  expect(encode(`${'x'.repeat(75)}.y`)).toBe(`${'x'.repeat(75)}=\r\n=2Ey`);
});

test('a soft break cuts no character', () => {
  expect(encode(`${'x'.repeat(70)}😀`)).toBe(`${'x'.repeat(70)}=\r\n=F0=9F=98=80`);
});

test('reports the length of the last line', () => {
  expect(encodeQuotedPrintable('ab\ncde').column).toBe(3);
  expect(encodeQuotedPrintable('ab\n').column).toBe(0);
  expect(encodeQuotedPrintable('x'.repeat(80)).column).toBe(5);
});

test('any text comes back, in lines SMTP can carry', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({
      unit: fc.constantFrom('.', ' ', '\n', '\r\n', '=', 'x', 'From ', 'é', '\t'),
      maxLength: 400,
    }),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const encoded = encode(text);
      expect(decode(encoded)).toBe(text.replace(/\r\n|\r|\n/g, '\r\n'));
      for (const line of encoded.split('\r\n')) {
        expect(line.length).toBeLessThanOrEqual(76);
        expect(line).not.toMatch(/^\.|^From /);
      }
      // Room for the soft break that a placeholder after it needs.
      expect(encodeQuotedPrintable(text).column).toBeLessThanOrEqual(75);
    }),
  );
});

describe('a value between soft breaks', () => {
  test.each([
    ['', ''],
    ['Anna', 'Anna=\r\n'],
    ['.a', '=2Ea=\r\n'],
    ['a ', 'a=20=\r\n'],
    ['a=b', 'a=3Db=\r\n'],
    ['From me', '=46rom me=\r\n'],
    ['x'.repeat(76), `${'x'.repeat(75)}=\r\nx=\r\n`],
    [`${'x'.repeat(75)}.y`, `${'x'.repeat(75)}=\r\n=2Ey=\r\n`],
  ])('%j: %j', (value, expected) => {
    expect(encodeBetweenBreaks(value)).toBe(expected);
  });

  test('any value comes back, whatever is before and after', () => {
    const values = fc.string({
      unit: fc.constantFrom('.', ' ', '=', 'x', 'From ', 'é', '\t', 'x'.repeat(70)),
    });
    fc.assert(
      fc.property(values, (value) => {
        const encoded = encodeBetweenBreaks(value);
        expect(decode(`a=\r\n${encoded}.b`)).toBe(`a${value}.b`);
        expect(encoded).not.toMatch(/^\.|\n\.|.{77}/);
      }),
    );
  });
});

test('half a surrogate pair is written as the replacement character', () => {
  expect(encode('a\ud800b')).toBe('a=EF=BF=BDb');
});
