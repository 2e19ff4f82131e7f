import type { DomainError } from '#kernel/errors/errors.js';
import { lastPauseDay, localDay, openPause, pauseProblem, refusePauses } from './pause.js';

test.each([
  ['2026-11-22T23:30:00Z', 'UTC', '2026-11-22'],
  ['2026-11-22T23:30:00Z', 'Europe/Berlin', '2026-11-23'],
  ['2026-11-22T09:30:00Z', 'Pacific/Kiritimati', '2026-11-22'],
  ['2026-11-22T10:30:00Z', 'Pacific/Kiritimati', '2026-11-23'],
  ['2026-01-01T05:00:00Z', 'America/Los_Angeles', '2025-12-31'],
])('at %s in %s it is %s', (at, zone, day) => {
  expect(localDay(new Date(at), zone)).toBe(day);
});

test.each([
  [null, undefined],
  [undefined, undefined],
  ['2026-11-21', 'past'],
  ['2026-11-22', undefined],
  ['2028-11-22', undefined],
  ['2028-11-23', 'too_far'],
  ['9999-12-31', 'too_far'],
])('a pause until %s has the problem %s', (day, code) => {
  expect(pauseProblem(day, '2026-11-22', 'x')?.code).toBe(code);
});

test('a pause ends on its day', () => {
  expect(openPause('2026-11-23', '2026-11-22')).toBe('2026-11-23');
  expect(openPause('2026-11-22', '2026-11-22')).toBeNull();
  expect(openPause(null, '2026-11-22')).toBeNull();
});

test('names the entry of a list', () => {
  const list = [{}, { pausedUntil: '2020-01-01' }];
  let errors: unknown;
  try {
    refusePauses(list, '2026-11-22', 'digests');
  } catch (error) {
    errors = (error as DomainError).errors;
  }
  expect(errors).toEqual([expect.objectContaining({ field: 'digests.1.pausedUntil', code: 'past' })]);
  expect(() => refusePauses(undefined, '2026-11-22', 'digests')).not.toThrow();
});

test('on the day that other years do not have, two years ahead is the day before', () => {
  expect(lastPauseDay('2028-02-29')).toBe('2030-02-28');
});
