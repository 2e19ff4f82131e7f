import { stripAround, stripEnd } from './strip.js';

test.each([
  ['', '', ''],
  ['//', '', ''],
  ['/a//b//', '/a//b', 'a//b'],
  ['a', 'a', 'a'],
  ['#/a#/', '#/a', 'a'],
])('%j is %j without its end and %j without both', (text, front, middle) => {
  expect(stripEnd(text, '/#')).toBe(front);
  expect(stripAround(text, '/#')).toBe(middle);
});
