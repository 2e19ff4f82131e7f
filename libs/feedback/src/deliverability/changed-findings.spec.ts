import type { Check } from './check.js';
import { changedFindings, sameFindings } from './changed-findings.js';

const line = (given: Partial<Check>): Check => ({
  check: 'spf',
  about: 'example.org',
  state: 'ok',
  found: 'v=spf1 -all',
  publish: '',
  why: '',
  ...given,
});

describe('changedFindings', () => {
  it.each<[string, Partial<Check>, Partial<Check>, boolean]>([
    ['the same', {}, {}, false],
    ['another record', {}, { found: 'v=spf1 ~all' }, true],
    ['a record that is gone', {}, { state: 'fail', found: 'no SPF record' }, true],
    ['the same, judged otherwise', { state: 'warn' }, { state: 'ok', why: 'x' }, false],
    ['not known now', {}, { state: 'unknown', found: 'no answer' }, false],
    ['not known before', { state: 'unknown', found: 'no answer' }, { found: 'v=spf1 a' }, false],
    ['another domain', {}, { about: 'example.net', found: 'v=spf1 a' }, false],
    ['what is not watched', { check: 'ptr', found: 'a' }, { check: 'ptr', found: 'b' }, false],
    ['a mail server', { check: 'mx', found: '10 a' }, { check: 'mx', found: '10 b' }, true],
    ['a key', { check: 'dkim', found: 'p=1' }, { check: 'dkim', found: 'p=2' }, true],
    ['a policy', { check: 'dmarc', found: 'p=none' }, { check: 'dmarc', found: 'p=reject' }, true],
  ])('%s', (_, before, after, isChanged) => {
    const lines = [[line(before)], [line(after)]] as const;
    expect(changedFindings(...lines)).toHaveLength(isChanged ? 1 : 0);
    expect(sameFindings(...lines)).toBe(!isChanged);
  });

  it('says what was and what is', () => {
    expect(changedFindings([line({})], [line({ found: 'v=spf1 ~all' })])).toEqual([
      { check: 'spf', about: 'example.org', before: 'v=spf1 -all', after: 'v=spf1 ~all' },
    ]);
  });
});
