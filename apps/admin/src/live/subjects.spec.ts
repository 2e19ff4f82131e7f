import { isStale, STALE_BY_EVENT } from './subjects';

const stale = (event: string, id: string) => new Set(STALE_BY_EVENT[event]!(id));

it.each([
  ['edition.progress', '/editions', true],
  ['edition.progress', '/editions/e1', true],
  ['edition.progress', '/editions/e1/deliveries', true],
  ['edition.progress', '/stats/editions/e1', true],
  ['edition.progress', '/editions/e2', false],
  ['edition.progress', '/calendar', false],
  ['edition.changed', '/calendar', true],
  ['edition.changed', '/digests/d1', true],
  ['draft.changed', '/editions/e1', true],
  ['slot.changed', '/slots', true],
  ['slot.changed', '/articles', false],
  ['alarm.opened', '/alarms', true],
  ['bulk.progress', '/subscribers/s1', true],
  ['reset', '/feeds', true],
  ['reset', 'session', false],
])('after %s what is kept by %s is read anew: %s', (event, path, is) => {
  expect(isStale(path, stale(event, 'e1'))).toBe(is);
});
