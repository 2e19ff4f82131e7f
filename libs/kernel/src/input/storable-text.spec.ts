import { storableText } from './storable-text.js';

describe('storableText', () => {
  it.each([
    ['what is well', 'User unknown – 利用者不明 🦔', 100, 'User unknown – 利用者不明 🦔'],
    ['a NUL', 'a\0b', 100, 'a\ufffdb'],
    ['half a pair', 'a\ud83eb', 100, 'a\ufffdb'],
    ['a pair that the cut halves', 'ab🦔', 3, 'ab\ufffd'],
    ['what is long', 'abcdef', 3, 'abc'],
  ])('keeps or mends %s', (_, text, longest, expected) => {
    expect(storableText(text, longest)).toBe(expected);
  });
});
