import { versionIn } from './if-match.js';

test.each([
  [undefined, undefined],
  ['*', undefined],
  ['"3"', 3],
  ['W/"12"', 12],
  ['7', 7],
])('If-Match: %s', (header, version) => expect(versionIn(header)).toBe(version));

test.each(['"abc"', '"1", "2"', '', '"-1"'])('is refused: %s', (header) => {
  expect(() => versionIn(header)).toThrow('If-Match');
});
