import { ListLimits } from './list-limits.js';

const once = (tag: string, attributes: Record<string, string>) => new ListLimits().apply(tag, attributes);

test.each<[Record<string, string>, Record<string, string>]>([
  [
    { colspan: '3', rowspan: '2', scope: 'row' },
    { colspan: '3', rowspan: '2', scope: 'row' },
  ],
  [{ colspan: '1' }, {}],
  [{ colspan: '100000' }, { colspan: '100' }],
  [{ colspan: '99999999999999999999' }, { colspan: '100' }],
  [{ colspan: '-5', rowspan: '0' }, {}],
  [{ colspan: 'all', rowspan: 'NaN' }, {}],
  [
    { colspan: '12000', rowspan: '12000' },
    { colspan: '100', rowspan: '100' },
  ],
  [{ colspan: ' 4 columns' }, { colspan: '4' }],
])('a cell of %j has %j', (given, kept) => expect(once('td', given)).toEqual(kept));

test.each<[string, string | undefined]>([
  ['5', '5'],
  ['1984', '1984'],
  ['0', '0'],
  [' -3', '-3'],
  ['-0', '0'],
  ['9000000', '9999'],
  ['-9000000', '-9999'],
  ['9'.repeat(400), '9999'],
  ['x', undefined],
  ['1e9', undefined],
])('a list that starts at %s starts at %s', (start, kept) => {
  expect(once('ol', { start })).toEqual(kept === undefined ? {} : { start: kept });
});

test.each([
  ['5', 'i', 'i'],
  ['3000', 'a', 'a'],
  ['0', 'i', undefined],
  ['-1', 'A', undefined],
  ['9000000', 'I', undefined],
  ['0', '1', '1'],
])('a list that starts at %s in the letters %s is written in %s', (start, type, kept) =>
  expect(once('ol', { start, type }).type).toBe(kept),
);

test('all cells of a text together do not add more than they may', () => {
  const limits = new ListLimits();
  const cells = Array.from({ length: 50 }, () => limits.apply('td', { colspan: '50', rowspan: '50' }));
  expect(cells.filter(({ colspan }) => colspan)).toHaveLength(4);
});

test('leaves others alone', () => expect(once('p', { colspan: '9' })).toEqual({ colspan: '9' }));
