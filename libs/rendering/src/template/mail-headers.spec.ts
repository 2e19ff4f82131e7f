import { DomainError } from '#kernel/errors/errors.js';
import {
  bracketedMessageId,
  bracketedUrl,
  encodeListId,
  encodeMailbox,
  encodeText,
  extraHeaderLines,
} from './mail-headers.js';

describe('addresses', () => {
  test.each([
    [{ address: 'anna@example.org' }, 'anna@example.org'],
    [{ name: 'Anna', address: 'anna@example.org' }, 'Anna <anna@example.org>'],
    [{ name: 'O\'Neill, "Ann"', address: 'a@b.org' }, '"O\'Neill, \\"Ann\\"" <a@b.org>'],
    [{ name: 'Zoë', address: 'a@b.org' }, '=?UTF-8?Q?Zo=C3=AB?= <a@b.org>'],
    [{ name: '=?utf-8?Q?x?=', address: 'a@b.org' }, '=?UTF-8?Q?=3D=3Futf-8=3FQ=3Fx=3F=3D?= <a@b.org>'],
    [{ name: 'a\r\nBcc: x@y.z', address: 'a@b.org' }, '"a Bcc: x@y.z" <a@b.org>'],
    [{ address: 'info@bücher.example' }, 'info@xn--bcher-kva.example'],
    [{ address: '用户@example.org' }, '用户@example.org'],
    [{ name: ' \n ', address: 'a@b.org' }, 'a@b.org'],
  ])('%j', (mailbox, expected) => {
    expect(encodeMailbox(mailbox, 'to')).toBe(expected);
  });

  test.each([
    '',
    'a',
    'a@',
    '@b',
    'a@b\r\nBcc: x@y.z',
    'a@b>, <x@y.z',
    'a@b,x@y.z',
    'a b@c',
    'a@b@c',
    '"a"@b.org',
    `${'a'.repeat(320)}@b.org`,
  ])('refuses %j', (address) => {
    expect(() => encodeMailbox({ address }, 'to')).toThrow(DomainError);
  });
});

test('a long word is cut, because a header line can only be folded at white space', () => {
  const encoded = encodeText('x'.repeat(3000));
  expect(encoded.split(' ').every((word) => word.length <= 76)).toBe(true);
});

test.each([
  'https://x.org/a>b',
  'https://x.org/\r\nX: y',
  'ftp://x.org',
  'https://x.org/a b',
  'mailto:a@b',
  '',
])('refuses the URL %j', (url) => {
  expect(() => bracketedUrl(url, 'unsubscribeUrl')).toThrow(DomainError);
});

test('message ids', () => {
  expect(bracketedMessageId('a.b@c.org')).toBe('<a.b@c.org>');
  expect(bracketedMessageId('<a.b@c.org>')).toBe('<a.b@c.org>');
  for (const id of ['', 'a', 'a@', 'a b@c', 'a@b>\r\nX: y', '<a@b>, <c@d>']) {
    expect(() => bracketedMessageId(id)).toThrow(DomainError);
  }
});

test('list ids', () => {
  expect(encodeListId({ name: 'Morning', id: 'morning.news.example.org' })).toBe(
    'Morning <morning.news.example.org>',
  );
  expect(encodeListId({ name: 'Früh', id: 'früh.example.org' })).toBe(
    '=?UTF-8?Q?Fr=C3=BCh?= <xn--frh-ioa.example.org>',
  );
  expect(() => encodeListId({ name: 'x', id: 'a>\r\nX: y.z' })).toThrow(DomainError);
});

test('extra headers', () => {
  expect(extraHeaderLines({ Precedence: 'bulk', 'Feedback-ID': '1:2:digest:acme' })).toBe(
    'Precedence: bulk\r\nFeedback-ID: 1:2:digest:acme\r\n',
  );
  // Structured values must not be turned into encoded words.
  const id = `${'0123456789abcdef'.repeat(6)}:digest:acme`;
  expect(extraHeaderLines({ 'Feedback-ID': id })).toBe(`Feedback-ID:\r\n ${id}\r\n`);
  const refused: Record<string, string>[] = [
    { 'X: y\r\nBcc': 'x' },
    { Bcc: 'x@y.z' },
    { 'content-type': 'x' },
    { 'X-A': 'a\r\nBcc: x' },
  ];
  for (const headers of refused) {
    expect(() => extraHeaderLines(headers)).toThrow(DomainError);
  }
});
