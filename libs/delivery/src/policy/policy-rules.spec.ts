import { acrossDomains, policyRestMs, refusedIn, refusesTooMany } from './policy-rules.js';
import { acrossReason, restReason } from './policy-words.js';

const times = (n: number, what: string) => Array.from({ length: n }, () => what);
const recent = (taken: number, refused: number) => '0'.repeat(taken) + '1'.repeat(refused);

describe('a domain refuses too many', () => {
  it.each([
    [0, 1, false],
    [0, 19, false],
    [0, 20, true],
    [46, 20, true],
    [47, 20, false],
    [70, 30, true],
    [71, 29, false],
  ])('%i taken and %i refused: %s', (taken, refused, expected) => {
    expect(refusesTooMany(recent(taken, refused))).toBe(expected);
    expect(refusedIn(recent(taken, refused))).toBe(refused);
  });
});

describe('how long a domain is left alone', () => {
  it('grows from a quarter of an hour to four hours', () => {
    expect([1, 2, 3, 4, 5, 6, 99].map((rests) => policyRestMs(rests) / 60_000)).toEqual([
      15, 30, 60, 120, 240, 240, 240,
    ]);
  });
});

describe('an edition is refused across domains', () => {
  const domains = (prefix: string, n: number) => Array.from({ length: n }, (_, at) => `${prefix}${at}`);
  it.each<[string, string[], boolean]>([
    ['by one domain only, however often', times(60, 'a'), false],
    ['by one domain, and by a few others', [...times(60, 'a'), ...times(9, 'b')], false],
    ['by two domains', [...times(10, 'a'), ...times(10, 'b')], true],
    ['by two domains, one of them much more', [...times(60, 'a'), ...times(10, 'b')], true],
    ['by as many domains as there are refusals', domains('d', 20), true],
    ['by one domain fewer', domains('d', 19), false],
    ['by three in ten', [...times(70, ''), ...domains('d', 30)], true],
    ['by fewer than three in ten', [...times(71, ''), ...domains('d', 29)], false],
    ['by nobody', times(100, ''), false],
    ['before anything was sent', [], false],
  ])('%s', (_what, list, expected) => {
    expect(acrossDomains(list) !== null).toBe(expected);
  });

  it('says by whom and how often, most first', () => {
    expect(acrossDomains([...times(10, 'b'), ...times(10, 'a'), ...times(12, 'c'), ''])).toEqual([
      { domain: 'c', refused: 12 },
      { domain: 'a', refused: 10 },
      { domain: 'b', refused: 10 },
    ]);
  });
});

describe('the words for it', () => {
  it('names the domains, the counts and what was said last', () => {
    const refusals = domainsOf(7);
    expect(acrossReason(refusals, 80, '554 5.7.1 no')).toBe(
      '35 of the last 80 messages were refused for policy, by d0 (8), d1 (7), d2 (6), d3 (5), d4 (4), 2 more, the last with: 554 5.7.1 no',
    );
    expect(restReason('d0', 20, 30, '554 5.7.1 no')).toBe(
      'd0 refused 20 of the last 30 messages for policy, the last with: 554 5.7.1 no',
    );
    expect(restReason('d0', 1, 1, '554 5.7.1 no')).toBe(
      'd0 refused the message that was tried after its rest for policy, the last with: 554 5.7.1 no',
    );
  });
});

function domainsOf(n: number) {
  return Array.from({ length: n }, (_, at) => ({ domain: `d${at}`, refused: 8 - at }));
}
