import fc from 'fast-check';
import { stringify } from 'csv-stringify/sync';
import { CsvReader, type CsvRow } from './csv-reader.js';

/** Reads a text in pieces of so many characters. */
function read(text: string, piece = text.length || 1, delimiter = ','): CsvRow[] {
  const reader = new CsvReader(delimiter);
  const rows: CsvRow[] = [];
  for (let at = 0; at < text.length; at += piece) rows.push(...reader.push(text.slice(at, at + piece)));
  return [...rows, ...reader.end()];
}

/** `line: cells`, or its problem. */
const short = (rows: CsvRow[]) =>
  rows.map(({ line, cells, problem }) => `${line}: ${problem ?? cells.join('|')}`);

const LONG = 'x'.repeat(70_000);

describe.each([1, 2, 3, 1_000_000])('in pieces of %d', (piece) => {
  it.each([
    ['plain', 'a,b\nc,d\n', ['1: a|b', '2: c|d']],
    ['without an end', 'a,b\nc,', ['1: a|b', '2: c|']],
    ['CRLF, CR and LF', 'a\r\nb\rc\nd', ['1: a', '2: b', '3: c', '4: d']],
    ['blank lines', '\n\na\n  \n,,\n\r\nb', ['3: a', '7: b']],
    ['marks', '"a,1","b ""c""",""\n', ['1: a,1|b "c"|']],
    ['lines in a cell', '"a\r\nb",c\nd,e', ['1: a\r\nb|c', '3: d|e']],
    ['a mark inside a cell', 'a 5" b,c\nd"\n', ['1: a 5" b|c', '2: d"']],
    ['blanks after a mark', '"a" ,b\n"c"  \n', ['1: a|b', '2: c']],
    ['letters after a mark', '"a"b,c\nd,e\n', ['1: quotation', '2: d|e']],
    ['a mark that is never closed', 'a,"b\nc,d\ne,f\n', ['1: quotation', '2: c|d', '3: e|f']],
    ['a mark that the next one closes wrongly', 'a,"b\nc,"d"\ne,f', ['1: quotation', '2: c|d', '3: e|f']],
    ['a mark at the very end', 'a\n"', ['1: a', '2: quotation']],
  ])('%s', (_, text, expected) => {
    expect(short(read(text, piece))).toEqual(expected);
  });
});

it.each([
  ['a line that is too long', `a\n${LONG}\nb`, ['1: a', '2: too_long', '3: b']],
  ['one that ends in CRLF', `${LONG}\r\nb`, ['1: too_long', '2: b']],
  ['one that is the last', `a\n${LONG}`, ['1: a', '2: too_long']],
  ['an open mark before much', `a,"b\n${'c,d\n'.repeat(20_000)}`.slice(0, 80_000), undefined],
  ['too many cells', `a\n${','.repeat(501)}x\nb`, ['1: a', '2: too_long', '3: b']],
])('goes on after %s', (_, text, expected) => {
  for (const piece of [1_000, 65_536, 1_000_000]) {
    const found = short(read(text, piece));
    if (expected) expect(found).toEqual(expected);
    else {
      expect(found[0]).toBe('1: quotation');
      expect(found.length).toBeGreaterThan(19_000);
      expect(new Set(found.slice(1, -1).map((row) => row.split(': ')[1]))).toEqual(new Set(['c|d']));
    }
  }
});

it('reads back what a CSV writer wrote, however it comes in', () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', ' ', ',', ';', '"', '\n', '\r', '\t', 'é'),
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
      fc.constantFrom(',', ';', '\t'),
      fc.integer({ min: 1, max: 9 }),
      (rows, delimiter, piece) => {
        const text = stringify(rows, { delimiter, quoted: true });
        const kept = rows.filter((row) => row.some((one) => one.trim() !== ''));
        expect(read(text, piece, delimiter).map(({ cells }) => cells)).toEqual(kept);
      },
    ),
  );
});
