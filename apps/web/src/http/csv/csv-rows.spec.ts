import { csvOf } from './csv-rows.interceptor.js';
import { prefersCsv } from './prefers-csv.js';

describe('prefersCsv', () => {
  it.each([
    ['text/csv', true],
    ['TEXT/CSV; header=present', true],
    ['text/csv, application/json', true],
    ['application/json, text/csv', false],
    ['application/json;q=0.5, text/csv;q=0.9', true],
    ['text/csv;q=0.1, application/json', false],
    ['text/csv;q=0', false],
    ['text/csv, */*;q=0.1', true],
    ['application/json', false],
    ['*/*', false],
    ['text/*', false],
    ['', false],
  ])('%s: %s', (accept, expected) => {
    expect(prefersCsv(accept)).toBe(expected);
  });
});

describe('csvOf', () => {
  const total = { frozen: 5, clicks: { people: 3, scanners: 2 } };

  it('has a column for what a row is of, and one for each number; no total', () => {
    const data = [
      { key: 'a', name: 'A, "B"', ...total },
      { key: null, name: '', ...total },
    ];
    expect(csvOf({ data, total }, 'key')).toBe(
      'key,name,frozen,clicksPeople,clicksScanners\r\na,"A, ""B""",5,3,2\r\n,,5,3,2\r\n',
    );
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['@x', "'@x"],
    ['x;=1', "x;'=1"],
  ])('keeps a spreadsheet from running %s', (name, expected) => {
    const [, line] = csvOf({ data: [{ key: 'a', name, ...total }], total }, 'key').split('\r\n');
    expect(line).toBe(`a,${expected},5,3,2`);
  });

  it('has a head without rows too', () => {
    expect(csvOf({ data: [], total }, 'at')).toBe('at,frozen,clicksPeople,clicksScanners\r\n');
  });
});
