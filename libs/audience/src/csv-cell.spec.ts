import fc from 'fast-check';
import { guardCell, splitCell, unguardCell } from './csv-cell.js';

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\rx', "'=1"])('guards %j', (cell) => {
  expect(guardCell(cell)).toBe(`'${cell}`);
});

it.each(['reader@example.org', "O'Neil", "'quoted'", '', 'a=b'])('leaves %j alone', (cell) => {
  expect(guardCell(cell)).toBe(cell);
});

it('gives back exactly what it guarded', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '\r', 'a') }), (cell) => {
      expect(unguardCell(guardCell(cell))).toBe(cell);
      expect(guardCell(cell)).not.toMatch(/^[=+\-@\t\r]/);
    }),
  );
});

it('splits lists', () => expect(splitCell(' a; b;;c ')).toEqual(['a', 'b', 'c']));
