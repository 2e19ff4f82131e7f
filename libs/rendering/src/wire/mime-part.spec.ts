import { EncodedText } from './encoded-text.js';
import { joinTexts, transferEncodingOf } from './mime-part.js';
import { newNonce } from '../template/sentinel.js';
import { placeholderSentinels } from '../template/placeholders.js';

const slot = placeholderSentinels(newNonce());
const texts = (...parts: string[]) => parts.map((part) => new EncodedText(part, 'html'));
const YES = 'Всё хорошо.';

describe('how a part is written', () => {
  test.each<[string, string[], '7bit' | '8bit', string]>([
    ['ASCII', ['plain'], '7bit', 'quoted-printable'],
    ['nothing', [], '8bit', 'quoted-printable'],
    ['mostly not ASCII', [YES, YES], '7bit', 'base64'],
    ['mostly not ASCII, with a slot', [YES, slot.greeting], '7bit', 'quoted-printable'],
    ['some of it not ASCII', [`${'plain '.repeat(20)}Zürich`], '7bit', 'quoted-printable'],
    ['mostly not ASCII, and the server takes 8 bits', [YES], '8bit', '8bit'],
    ['with a slot, and the server takes 8 bits', [YES, slot.greeting], '8bit', '8bit'],
    ['ASCII, and the server takes 8 bits', ['plain'], '8bit', 'quoted-printable'],
    ['hardly anything not ASCII', [`${'plain '.repeat(20)}Zürich`], '8bit', 'quoted-printable'],
    ['a line of 998 octets', [`\n${'я'.repeat(499)}\n`], '8bit', '8bit'],
    ['a line of 999 octets', [`\n${'я'.repeat(499)}x\n`], '8bit', 'base64'],
    ['a last line too long', ['я'.repeat(500)], '8bit', 'base64'],
    ['a line too long at a seam', ['я'.repeat(300), 'я'.repeat(200)], '8bit', 'base64'],
    ['a line of pieces, after others', [`x\n${'я'.repeat(300)}`, `${'я'.repeat(200)}\nx`], '8bit', 'base64'],
    ['a line too long when its slots are full', ['я'.repeat(400), slot.address], '8bit', 'quoted-printable'],
    ['a line with room for its slots', ['я'.repeat(349), slot.address], '8bit', '8bit'],
    ['a dot at the start', [`.${YES}`], '8bit', 'base64'],
    ['a dot at the start of a line', [`${YES}\n.`], '8bit', 'base64'],
    ['a dot at the start of a piece', [YES, `.${YES}`], '8bit', '8bit'],
    ['a dot at the start of a piece and line', [`${YES}\n`, `.${YES}`], '8bit', 'base64'],
    ['what mailbox files change', [`${YES}\nFrom x`], '8bit', 'base64'],
    ['a NUL', [`${YES}\0`], '8bit', 'base64'],
  ])('%s', (_name, parts, form, expected) => {
    expect(transferEncodingOf(texts(...parts), form)).toBe(expected);
  });
});

test('base64 has lines of 76 characters, and the groups of three go across the seams', () => {
  const [encoded] = joinTexts(texts('я', 'я\n', 'я'.repeat(200)), 'base64') as Buffer[];
  const lines = encoded!.toString().split('\r\n');
  expect(lines.slice(0, -1).every((line) => line.length === 76)).toBe(true);
  expect(Buffer.from(encoded!.toString(), 'base64').toString()).toBe(`яя\r\n${'я'.repeat(200)}`);
});

test('a soft break stands where a line would go on in the next text, and nowhere else', () => {
  const joined = (...parts: string[]) =>
    Buffer.concat(joinTexts(texts(...parts), 'quoted-printable') as Buffer[]).toString();
  expect(joined('a', 'b')).toBe('a=\r\nb');
  expect(joined('a\n', 'b')).toBe('a\r\nb');
  expect(joined('a', '\n\n', '.b')).toBe('a\r\n\r\n=2Eb');
  expect(joined('a', ' ', 'b')).toBe('a=\r\n=20=\r\nb');
});
