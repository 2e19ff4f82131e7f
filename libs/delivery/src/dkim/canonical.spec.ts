import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { hashSimpleBody, headerFields, relaxedField } from './canonical.js';

const sha256 = (text: string) => createHash('sha256').update(text, 'latin1').digest('base64');
const chunks = (...texts: string[]) => texts.map((text) => Buffer.from(text, 'latin1'));

describe('hashSimpleBody', () => {
  it('has the hash of RFC 6376 §3.4.3 for a body of nothing', () => {
    expect(hashSimpleBody([])).toBe('frcCV1k9oG9oKj3dpUqdJg1PxRT2RSN/XKdLCPjaYaY=');
  });

  it.each<[string, string[], string]>([
    ['a body as it is', ['High at nine.\r\n'], 'High at nine.\r\n'],
    ['a line end that is missing', ['High at nine.'], 'High at nine.\r\n'],
    ['empty lines at the end', ['High\r\n\r\n\r\n'], 'High\r\n'],
    ['empty lines at the end in buffers of their own', ['High', '\r\n', '\r\n', '\r\n'], 'High\r\n'],
    ['a line end cut in two', ['High\r', '\n\r', '\n'], 'High\r\n'],
    ['empty lines that something follows', ['High\r\n\r', '\n', '\r\nLow\r\n'], 'High\r\n\r\n\r\nLow\r\n'],
    ['nothing but empty lines', ['\r\n', '\r\n\r\n'], '\r\n'],
    ['empty buffers', ['', 'High\r\n', '', '\r\n', ''], 'High\r\n'],
    ['a lone CR before the end', ['High\r\r\n\r\n'], 'High\r\r\n'],
    ['spaces, which are content', ['High \r\n \r\n'], 'High \r\n \r\n'],
  ])('hashes %s', (_what, given, hashed) => {
    expect(hashSimpleBody(chunks(...given))).toBe(sha256(hashed));
  });

  it('does not depend on where the buffers are cut', () => {
    const octets = fc.array(fc.constantFrom('a', ' ', '\r\n', '\r\n', '\r', '\n'), { maxLength: 12 });
    fc.assert(
      fc.property(octets, fc.array(fc.nat(20), { maxLength: 6 }), (pieces, cuts) => {
        const text = pieces.join('');
        const at = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
        const parts = at.slice(1).map((end, index) => text.slice(at[index], end));
        const plain = `${text.replace(/(?:\r\n)+$/, '')}\r\n`;
        expect(hashSimpleBody(chunks(...parts))).toBe(sha256(plain));
      }),
    );
  });

  it('leaves the buffers as they were', () => {
    const given = chunks('High\r\n', '\r\n');
    hashSimpleBody(given);
    expect(Buffer.concat(given).toString()).toBe('High\r\n\r\n');
  });
});

describe('header fields', () => {
  it('are told apart at line ends that no white space follows', () => {
    const fields = headerFields('Subject: Tides\r\n of the day\r\nTO : a@b\r\nSubject: more\r\n');
    expect([...fields]).toEqual([
      ['subject', ['Subject: Tides\r\n of the day', 'Subject: more']],
      ['to', ['TO : a@b']],
    ]);
  });

  // The first two are those of RFC 6376 §3.4.5.
  it.each([
    ['a', 'A: X', 'a:X'],
    ['b', 'B : Y\t\r\n\tZ  ', 'b:Y Z'],
    ['subject', 'Subject:\t Tides,\r\n\t  high\u00a0 and low \t', 'subject:Tides, high\u00a0 and low'],
    ['x', 'X:', 'x:'],
  ])('relax: %s', (name, field, relaxed) => {
    expect(relaxedField(name, field)).toBe(relaxed);
  });
});
