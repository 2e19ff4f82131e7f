import fc from 'fast-check';
import { guardCell, splitCell, unguardCell } from './csv-cell.js';

it.each([
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  "'=1",
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '  =1',
  '\u00a0=1',
])('guards %j', (cell) => {
  expect(guardCell(cell)).toBe(`'${cell}`);
});

it.each(['reader@example.org', "O'Neil", "'quoted'", '', 'a=b'])('leaves %j alone', (cell) => {
  expect(guardCell(cell)).toBe(cell);
});

it.each([
  ['a;=1', "a;'=1"],
  ['a; =1', "a;' =1"],
  ['a,+1|@x', "a,'+1|'@x"],
  ['a\t=1', "a\t'=1"],
  ['a\n=1', "a\n'=1"],
  ['\t=1', "'\t'=1"],
  ['a;＝1', "a;'＝1"],
])('guards %j inside', (cell, guarded) => {
  expect(guardCell(cell)).toBe(guarded);
});

it('gives back exactly what it guarded', () => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', '\n', ' ', ';', ',', '|', '＝', 'a'),
      }),
      (cell) => {
        expect(unguardCell(guardCell(cell))).toBe(cell);
        expect(guardCell(cell)).not.toMatch(/(^|[;,|\t\r\n]) *[=+\-@＝]|^[\t\r]/);
      },
    ),
  );
});

it('splits lists', () => expect(splitCell(' a; b;;c ')).toEqual(['a', 'b', 'c']));
