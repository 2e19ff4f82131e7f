import { matchesAny } from './entity-tag.js';

it.each(['"a"', 'W/"a"', '"x", "a"', '"x",W/"a" , "y"', '*', ' * ', '"x,y", "a"'])(
  '%s matches "a"',
  (header) => expect(matchesAny(header, '"a"')).toBe(true),
);

it.each([undefined, '', 'a', '"b"', '"A"', '"a', 'W/', '"b, a"', '"*"'])('%s does not', (header) =>
  expect(matchesAny(header, '"a"')).toBe(false),
);
