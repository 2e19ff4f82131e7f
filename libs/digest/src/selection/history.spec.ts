import type { PastWave } from './candidate.repository.js';
import { historyRules, lookBackTo, tracesOf } from './history.js';

const at = (hour: number) => new Date(Date.UTC(2027, 0, 5, hour));
const candidates = [
  { id: 'old', newsAt: at(6) },
  { id: 'new', newsAt: at(9) },
];
const wave = (overrides: Partial<PastWave> = {}): PastWave => ({
  editionId: 'e',
  digestId: 'mine',
  kind: 'regular',
  wave: 0,
  at: at(7),
  cutoff: at(8),
  articleIds: ['x', 'old'],
  ...overrides,
});
const rules = { digestId: 'mine', sinceLast: true, hadSince: new Date(0) };
const only = (past: PastWave, more = {}) => tracesOf(candidates, [past], { ...rules, ...more })[0]!;

describe('what an earlier wave says', () => {
  it.each<[string, PastWave, Partial<typeof rules> | { hadSince: null }, string, (number | null)[]]>([
    ['its own digest has considered what was there', wave(), {}, '01', [null, null]],
    ['what it did not consider is new', wave({ articleIds: ['x'] }), {}, '11', [null, null]],
    ['another digest says only what it held', wave({ digestId: 'other' }), {}, '11', [1, null]],
    ['so does an alert of the same', wave({ kind: 'alert' }), {}, '11', [1, null]],
    ['for a list it matters only what was had', wave(), { sinceLast: false }, '11', [1, null]],
    ['too long ago to count', wave({ digestId: 'other' }), { hadSince: at(9) }, '11', [null, null]],
    ['it does not matter what was had', wave({ digestId: 'other' }), { hadSince: null }, '11', [null, null]],
  ])('%s', (_name, past, more, fresh, held) => {
    expect(only(past, more)).toMatchObject({ fresh, held });
  });

  it('tells when the last regular edition of the digest was', () => {
    expect(only(wave()).lastAt).toEqual(at(7));
    expect(only(wave({ kind: 'alert' })).lastAt).toBeNull();
    expect(only(wave({ digestId: 'other' })).lastAt).toBeNull();
  });
});

it.each<[number | null, Date | null]>([
  [null, new Date(0)],
  [0, null],
  [2, new Date(Date.UTC(2027, 0, 3, 12))],
])('after %p days a story may come again', (repeatAfterDays, hadSince) => {
  expect(historyRules({ id: 'mine', repeatAfterDays }, 'auto', at(12)).hadSince).toEqual(hadSince);
});

it('looks back a week and a day, and as far as the oldest candidate', () => {
  expect(lookBackTo([at(6)], at(12))).toEqual(new Date(Date.UTC(2026, 11, 28, 12)));
  expect(lookBackTo([new Date(5)], at(12))).toEqual(new Date(5));
});
