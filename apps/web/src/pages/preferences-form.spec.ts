import type { Preferences } from '#audience/preferences.schemas.js';
import { preferencesOf, preferencesView } from './preferences-form.js';

const preferences: Preferences = {
  id: '1',
  email: 'ann@example.org',
  name: null,
  locale: 'de-AT',
  timeZone: null,
  clock: 'Europe/Vienna',
  today: '2026-11-22',
  status: 'active',
  digests: [
    {
      id: 'd1',
      slug: 'morning',
      name: 'Morning',
      subscribed: true,
      topics: ['t2'],
      cadence: 'weekly',
      weekday: 7,
      hour: 0,
      alerts: true,
      pausedUntil: '2026-12-24',
    },
    {
      id: 'd2',
      slug: 'weekend',
      name: 'Weekend',
      subscribed: false,
      topics: null,
      cadence: 'every',
      weekday: null,
      hour: null,
      alerts: false,
      pausedUntil: null,
    },
  ],
  topics: [
    { id: 't1', slug: 'sea', name: 'Sea' },
    { id: 't2', slug: 'town', name: 'Town' },
  ],
};

test('reads only the digests that are ticked, each with its own fields', () => {
  const fields = {
    name: 'Ann',
    locale: 'fr',
    timeZone: '',
    digests: 'd1',
    'topics.d1': ['t1', 't2'],
    'cadence.d1': 'daily',
    'hour.d1': '7',
    'cadence.d2': 'weekly',
  };
  expect(preferencesOf(fields)).toEqual({
    name: 'Ann',
    locale: 'fr',
    timeZone: '',
    digests: [{ digest: 'd1', topics: ['t1', 't2'], cadence: 'daily', hour: '7' }],
  });
  expect(preferencesOf({}).digests).toEqual([]);
});

test('shows what is chosen, and keeps a language that pages do not have', () => {
  const view = preferencesView(preferences);
  expect(view.languages[0]).toEqual({ locale: 'de-AT', name: 'de-AT', isChosen: true });
  expect(view.digests.map(({ hour }) => hour)).toEqual(['0', '']);
  expect(view.digests[0]?.topics.map(({ isChosen }) => isChosen)).toEqual([false, true]);
  expect(view.hours).toHaveLength(24);
  expect(view).toMatchObject({ name: '', timeZone: '', isPending: false, hasEnded: false });
});

test.each([
  ['pending', true, false],
  ['unsubscribed', false, true],
  ['complained', false, true],
] as const)('%s', (status, isPending, hasEnded) => {
  expect(preferencesView({ ...preferences, status })).toMatchObject({ isPending, hasEnded });
});
