import { oneOrMany, readJson } from './json.js';

describe('a body', () => {
  it.each<[string, string, unknown]>([
    ['an object', '{"a":[1]}', { a: [1] }],
    ['white space around it', ' [] \r\n', []],
    ['nothing', '', undefined],
    ['a form', 'a=1', undefined],
    ['half of it', '{"a":', undefined],
    ['deeper than any event', '['.repeat(33) + ']'.repeat(33), undefined],
    ['made of commas', `[${'0,'.repeat(5_000)}0]`, undefined],
  ])('of %s', (_, text, expected) => {
    expect(readJson(Buffer.from(text))).toEqual(expected);
    expect(readJson(text)).toEqual(expected);
  });

  it('is read where it lies in a larger buffer', () => {
    expect(readJson(new Uint8Array(Buffer.from('xx{}yy')).subarray(2, 4))).toEqual({});
  });

  it.each<[unknown, unknown[] | undefined]>([
    [{ a: 1 }, [{ a: 1 }]],
    [[1], [1]],
    ['a', undefined],
    [null, undefined],
    [undefined, undefined],
  ])('%j is a list of %j', (value, expected) => {
    expect(oneOrMany(value)).toEqual(expected);
  });
});
