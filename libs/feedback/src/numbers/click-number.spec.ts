import { clickNumber } from './click-number.js';

describe('clickNumber', () => {
  it.each([
    [0, 0, 0, 0],
    [1, 0, 1, 1],
    [812, 428, 35, 1240],
    [0, 10_000, 100, 10_000],
  ])('of %i people and %i scanners is off by %i, of %i', (people, scanners, margin, withScanners) => {
    expect(clickNumber({ people, scanners })).toEqual({ people, scanners, margin, withScanners });
  });
});
