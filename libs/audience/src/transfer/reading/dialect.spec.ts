import { readHead } from './dialect.js';
import { decoded, encodingOf, Utf8Check } from './encoding.js';

describe('the beginning of a file', () => {
  it.each([
    ['email,name\na@b.example,Ann', ',', 1, ['email', 'name'], ['a@b.example', 'Ann']],
    ['email;name\r\na@b.example;Ann, Bo', ';', 1, ['email', 'name'], ['a@b.example', 'Ann, Bo']],
    ['email\tname\na@b.example\tAnn, Bo; Cid', '\t', 1, ['email', 'name'], ['a@b.example', 'Ann, Bo; Cid']],
    ['email|name\na@b.example|A,B', '|', 1, ['email', 'name'], ['a@b.example', 'A,B']],
    ['sep=;\r\nemail;name\r\na@b.example;Ann', ';', 2, ['email', 'name'], ['a@b.example', 'Ann']],
    ['"sep=;"\nemail;a,b\na@b.example;Ann', ';', 2, ['email', 'a,b'], ['a@b.example', 'Ann']],
    ['"Name, first";email\n"Bo, C";a@b.example', ';', 1, ['Name, first', 'email'], ['Bo, C', 'a@b.example']],
    ['email\na@b.example', ',', 1, ['email'], ['a@b.example']],
    ['a@b.example,Ann\nc@d.example,Cid', ',', 0, ['Column 1', 'Column 2'], ['a@b.example', 'Ann']],
    ['email,\na@b.example,x', ',', 1, ['email', 'Column 2'], ['a@b.example', 'x']],
  ])('%j', (text, delimiter, headLines, columns, sample) => {
    const head = readHead(text, true);
    expect(head).toMatchObject({ delimiter, headLines, columns });
    expect(head.samples[0]).toEqual(sample);
  });
});

describe('its encoding', () => {
  const UTF16 = Buffer.from('\ufeffemail,Zoë\n', 'utf16le');
  it.each([
    ['UTF-8', Buffer.from('email,Zoë\n'), 'utf-8'],
    ['UTF-8 with a mark', Buffer.from('\ufeffemail,Zoë\n'), 'utf-8'],
    ['Windows-1252', Buffer.from('email,Zo\xeb\n', 'latin1'), 'windows-1252'],
    ['UTF-16, little end first', UTF16, 'utf-16le'],
    ['UTF-16, big end first', Buffer.from(UTF16).swap16(), 'utf-16be'],
    ['UTF-16 without a mark', UTF16.subarray(2), 'utf-16le'],
    ['the other, without a mark', Buffer.from(UTF16).swap16().subarray(2), 'utf-16be'],
    ['ASCII', Buffer.from('email,Zoe\n'), 'utf-8'],
  ])('%s', async (_, bytes, expected) => {
    const check = new Utf8Check();
    for (const byte of bytes) check.push(Buffer.from([byte]));
    const encoding = encodingOf(bytes, check.end());
    expect(encoding).toBe(expected);
    const pieces = async function* () {
      for (const byte of bytes) yield await Promise.resolve(Buffer.from([byte]));
    };
    let text = '';
    for await (const piece of decoded(pieces(), encoding)) text += piece;
    expect(text).toBe(bytes.includes('Zoe') ? 'email,Zoe\n' : 'email,Zoë\n');
  });
});
