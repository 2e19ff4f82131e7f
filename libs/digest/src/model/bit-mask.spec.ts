import fc from 'fast-check';
import { chosenBy, maskOf, partsOf, type MaskPart } from './bit-mask.js';

describe('masks', () => {
  it.each<[string, number, number[], string]>([
    ['nothing of nothing', 0, [], ''],
    ['nothing of some', 3, [], '000'],
    ['the first is the first character', 3, [0], '100'],
    ['all', 3, [0, 1, 2], '111'],
  ])('%s', (_name, count, positions, expected) => {
    expect(maskOf(count, (at) => positions.includes(at))).toBe(expected);
  });

  it('choose in the order of the list', () => {
    expect(chosenBy('0101', ['a', 'b', 'c', 'd'])).toEqual(['b', 'd']);
    expect(chosenBy('', [])).toEqual([]);
  });

  it.each<[string, (number | null)[], MaskPart[]]>([
    ['nothing', [], []],
    ['the same list', [0, 1, 2], [{ from: 0, length: 3 }]],
    ['a gap', [0, null, null, 1], [{ from: 0, length: 1 }, { zeros: 2 }, { from: 1, length: 1 }]],
    [
      'another order',
      [1, 0],
      [
        { from: 1, length: 1 },
        { from: 0, length: 1 },
      ],
    ],
  ])('are mapped to another list by the fewest parts: %s', (_name, positions, parts) => {
    expect(partsOf(positions)).toEqual(parts);
  });

  it('mean the same after they were mapped', () => {
    const position = fc.option(fc.nat(9), { nil: null });
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 10, maxLength: 10 }),
        fc.array(position),
        (bits, positions) => {
          const mask = maskOf(10, (at) => bits[at] === true);
          const mapped = partsOf(positions)
            .map((part) =>
              'zeros' in part ? '0'.repeat(part.zeros) : mask.substring(part.from, part.from + part.length),
            )
            .join('');
          expect(mapped).toBe(positions.map((at) => (at === null ? '0' : mask[at])).join(''));
        },
      ),
    );
  });
});
