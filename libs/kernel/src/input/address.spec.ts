import fc from 'fast-check';
import { parseAddress } from './address.js';

describe('parseAddress', () => {
  it.each([
    ['reader@example.org', 'reader@example.org', 'reader@example.org', 'example.org'],
    ['  Reader@Example.ORG\n', 'Reader@example.org', 'reader@example.org', 'example.org'],
    [
      "o'neil+news/x=1@mail.example.org",
      "o'neil+news/x=1@mail.example.org",
      "o'neil+news/x=1@mail.example.org",
      'mail.example.org',
    ],
    [
      'leser@bücher.example',
      'leser@xn--bcher-kva.example',
      'leser@xn--bcher-kva.example',
      'xn--bcher-kva.example',
    ],
    [
      'LESER@BÜCHER.EXAMPLE',
      'LESER@xn--bcher-kva.example',
      'leser@xn--bcher-kva.example',
      'xn--bcher-kva.example',
    ],
    [
      '読者@例え.テスト',
      '読者@xn--r8jz45g.xn--zckzah',
      '読者@xn--r8jz45g.xn--zckzah',
      'xn--r8jz45g.xn--zckzah',
    ],
    ['jose\u0301@example.org', 'josé@example.org', 'josé@example.org', 'example.org'],
    ['a@b.co', 'a@b.co', 'a@b.co', 'b.co'],
    ['1@2.example', '1@2.example', '1@2.example', '2.example'],
    ...[
      '“jane@example.org”',
      '"jane@example.org"',
      "'jane@example.org'",
      '«jane@example.org»',
      '„jane@example.org“',
    ].map((input): [string, string, string, string] => [
      input,
      'jane@example.org',
      'jane@example.org',
      'example.org',
    ]),
    ...[
      ' “ jane@example.org ” ',
      '<jane@example.org>',
      'mailto:jane@example.org',
      '“jane@example.org',
      'jane@example.org’',
    ].map((input): [string, string, string, string] => [
      input,
      'jane@example.org',
      'jane@example.org',
      'example.org',
    ]),
    ["'jane@example.org", "'jane@example.org", "'jane@example.org", 'example.org'],
  ])('reads %j', (input, address, normalised, domain) => {
    expect(parseAddress(input)).toEqual({ address, normalised, domain });
  });

  it.each([
    ['', 'required'],
    [' \t\n', 'required'],
    ['reader', 'invalid'],
    ['@example.org', 'invalid'],
    ['reader@', 'invalid'],
    ['reader@localhost', 'invalid'],
    ['reader@example..org', 'invalid'],
    ['reader@example.org.', 'invalid'],
    ['reader@-example.org', 'invalid'],
    ['reader@exa_mple.org', 'invalid'],
    ['reader@127.0.0.1', 'invalid'],
    ['reader@[127.0.0.1]', 'invalid'],
    ['reader@example.org:25', 'invalid'],
    ['reader@example.org/x', 'invalid'],
    ['reader@example.org?x', 'invalid'],
    ['reader@example.org#x', 'invalid'],
    ['reader@example.org\\x', 'invalid'],
    ['reader@ex%61mple.org', 'invalid'],
    ['reader@0x7f.1', 'invalid'],
    ['.reader@example.org', 'invalid'],
    ['reader.@example.org', 'invalid'],
    ['rea..der@example.org', 'invalid'],
    ['rea der@example.org', 'invalid'],
    ['"rea der"@example.org', 'invalid'],
    ['a@b@example.org', 'invalid'],
    ['Reader <reader@example.org>', 'invalid'],
    ['reader@example.org, other@example.org', 'invalid'],
    ['reader\u00a0x@example.org', 'invalid'],
    ['reader@example.org\r\nBcc: other@example.org', 'control_characters'],
    ['rea\0der@example.org', 'control_characters'],
    ['rea\u200bder@example.org', 'control_characters'],
    ['rea\u202eder@example.org', 'control_characters'],
    ['rea\u2028der@example.org', 'control_characters'],
    [`${'x'.repeat(65)}@example.org`, 'too_long'],
    [`${'ü'.repeat(33)}@example.org`, 'too_long'],
    [`reader@${'a'.repeat(64)}.org`, 'invalid'],
  ])('calls %j %s', (input, problem) => {
    expect(parseAddress(input)).toBe(problem);
  });

  it.each([
    ['quotation marks within', `x${'“'.repeat(260_000)}x`],
    ['white space within', `x${' '.repeat(260_000)}x`],
    ['marks that sort for long', `x${'\u0301\u0316'.repeat(130_000)}`],
  ])('refuses a long text at once: %s', (_, input) => {
    const begun = performance.now();
    expect(parseAddress(input)).toBe('too_long');
    expect(performance.now() - begun).toBeLessThan(100);
  });

  it('takes 254 octets and not 255, counted in the form that is written to', () => {
    const local = 'x'.repeat(64);
    const labels = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(58)}`;
    expect(parseAddress(`${local}@${labels}.de`)).toMatchObject({ address: `${local}@${labels}.de` });
    expect(parseAddress(`${local}@${labels}d.de`)).toBe('too_long');
    // 254 octets as given, more as punycode
    const idn = `${local}@${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(28)}.${'d'.repeat(26)}ü.de`;
    expect(Buffer.byteLength(idn)).toBeLessThanOrEqual(254);
    expect(parseAddress(idn)).toBe('too_long');
  });

  it('never lets a line break, a control character or an angle bracket through, and reads its own result', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        (a, b) => {
          const result = parseAddress(`${a}@${b}.org`);
          if (typeof result === 'string') return;
          expect(result.address).not.toMatch(/[\p{Cc}\p{Cf}\p{Z}<>"(),:;[\]\\]/u);
          expect(Buffer.byteLength(result.address)).toBeLessThanOrEqual(254);
          expect(parseAddress(result.address)).toEqual(result);
          expect(parseAddress(result.normalised)).toMatchObject({ normalised: result.normalised });
        },
      ),
      { numRuns: 2000 },
    );
  });
});
