import {
  QUOTA_WINDOW_MS,
  quotaUsedUp,
  TESTS_IN_ALL,
  TESTS_PER_CALLER,
  waitForRoom,
  type WrittenTest,
} from './test-quota.js';

const NOW = new Date('2027-01-05T09:00:00Z');
/** So many of a caller, one each second, the oldest half an hour ago. */
const written = (n: number, by: string | null = 'me'): WrittenTest[] =>
  Array.from({ length: n }, (_, index) => ({ by, at: new Date(NOW.getTime() - 1_800_000 + index * 1_000) }));
const FREE_IN = QUOTA_WINDOW_MS - 1_800_000;

it.each([
  ['nothing was written', [], 20, 0],
  ['there is just room', written(TESTS_PER_CALLER - 20), 20, 0],
  ['one is too many: until the oldest counts no more', written(TESTS_PER_CALLER - 19), 20, FREE_IN],
  ['all are: until as many count no more', written(TESTS_PER_CALLER), 20, FREE_IN + 19_000],
  ['others wrote them', written(TESTS_PER_CALLER, 'another'), 20, 0],
  ['all together wrote too many', written(TESTS_IN_ALL, 'another'), 1, FREE_IN],
  ['nobody knows who wrote them', written(TESTS_IN_ALL - 1, null), 1, 0],
])('when %s', (_, before, wanted, wait) => expect(waitForRoom(before, 'me', wanted, NOW)).toBe(wait));

it('says when to try again', () => {
  expect(quotaUsedUp(61_500)).toMatchObject({ code: 'rate_limited', retryAfter: 62 });
  expect(quotaUsedUp(61_500).message).toContain('in 2 minutes');
});
