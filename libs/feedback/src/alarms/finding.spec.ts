import { ALARM_CAUSES, type AlarmCause } from '#database/schema/index.js';
import { endsWhenSeen, isCalm, isMailedElsewhere, isSame, isWorse, latest } from './finding.js';

const now = new Date('2027-01-05T09:00:00Z');
const before = (minutes: number) => new Date(now.getTime() - minutes * 60_000);

it.each<[AlarmCause, minutes: number, boolean]>([
  ['feed_broken', 0, true],
  ['edition_paused', 1, true],
  ['edition_late', 9, false],
  ['edition_late', 10, true],
  ['transport_resting', 14, false],
  ['transport_resting', 15, true],
  ['complaint_rate', 1_439, false],
  ['complaint_rate', 1_440, true],
])('%s, absent for %d minutes, is over: %s', (cause, minutes, isOver) => {
  expect(isCalm(cause, before(minutes), now)).toBe(isOver);
});

it.each([
  [{}, {}, false],
  [{}, { level: 'warning' }, false],
  [{ level: 'warning' }, { level: 'severe' }, true],
  [{ level: 'severe' }, { level: 'severe' }, false],
  [{ level: 'severe' }, { level: 'warning' }, false],
])('%j, then %j, is worse: %s', (earlier, later, worse) => {
  expect(isWorse(earlier, later)).toBe(worse);
});

test('an alarm keeps the worst level that it had, so that it is not worse again', () => {
  const kept = latest({ level: 'severe', count: 9 }, { level: 'warning', count: 4 });
  expect(kept).toEqual({ level: 'severe', count: 4 });
  expect(isWorse(kept, { level: 'severe' })).toBe(false);
  expect(latest({ level: 'warning' }, { level: 'severe' })).toEqual({ level: 'severe' });
});

test('what JSON does not tell apart is the same', () => {
  expect(isSame({ b: 1, a: null }, { a: null, b: 1, c: undefined })).toBe(true);
  expect(isSame({ a: 1 }, { a: 2 })).toBe(false);
});

test('what is mailed where it happens, and what ends when it is seen', () => {
  expect(ALARM_CAUSES.filter(isMailedElsewhere)).toEqual(['edition_paused', 'provider_blocking']);
  expect(ALARM_CAUSES.filter(endsWhenSeen)).toEqual(['returned_mail_unread', 'records_changed']);
});
