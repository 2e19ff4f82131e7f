import type { Preferences } from '#audience/choices/preferences.schemas.js';
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
  measurement: null,
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

describe('what is posted', () => {
  const fields = {
    name: 'Ann',
    locale: 'fr',
    timeZone: '',
    shown: ['d1', 'd2'],
    digests: 'd1',
    'topics.d1': ['t1', 't2'],
    'cadence.d1': 'weekly',
    'weekday.d1': '7',
    'hour.d1': '7',
    'alerts.d1': 'true',
    'pausedUntil.d1': '2026-12-24',
    'cadence.d2': 'weekly',
  };
  const first = {
    digest: 'd1',
    topics: ['t1', 't2'],
    cadence: 'weekly',
    weekday: '7',
    hour: '7',
    alerts: 'true',
    pausedUntil: '2026-12-24',
  };

  test('is read of the digests that are ticked, each with its own fields', () => {
    expect(preferencesOf(fields)).toEqual({ name: 'Ann', locale: 'fr', timeZone: '', digests: [first] });
  });

  test('holds a weekday only for the cadence it belongs to', () => {
    const [digest] = preferencesOf({ ...fields, 'cadence.d1': 'daily' }).digests ?? [];
    expect(digest).toEqual({ ...first, cadence: 'daily', weekday: undefined });
  });

  test('ends the pause of the digest that is resumed, and of no other', () => {
    expect(preferencesOf({ ...fields, resume: 'd1' }).digests).toEqual([{ ...first, pausedUntil: '' }]);
    expect(preferencesOf({ ...fields, resume: 'd2' }).digests).toEqual([first]);
  });

  test('is none of the digests that were shown, or nothing when none was', () => {
    expect(preferencesOf({ shown: 'd1' }).digests).toEqual([]);
    expect(preferencesOf({ name: 'Ann' }).digests).toBeUndefined();
  });
});

describe('what is shown', () => {
  test('is what is chosen, and a language that pages do not have', () => {
    const view = preferencesView(preferences, 'de');
    expect(view.languages[0]).toEqual({ locale: 'de-AT', name: 'de-AT', isChosen: true });
    expect(view.digests).toMatchObject([
      { weekday: '7', hour: '0', alerts: true, pausedUntil: '2026-12-24' },
      { weekday: '', hour: '', alerts: false, pausedUntil: '', pausedUntilText: null },
    ]);
    expect(view.digests[0]?.pausedUntilText).toBe('Donnerstag, 24. Dezember 2026');
    expect(view.digests[0]?.topics.map(({ isChosen }) => isChosen)).toEqual([false, true]);
    expect(view.digests.map(({ topicsAreGone }) => topicsAreGone)).toEqual([false, false]);
    expect(view).toMatchObject({ name: '', timeZone: '', lastPauseDay: '2028-11-22', errors: [] });
  });

  test('says so when the chosen topics are gone', () => {
    const digests = preferences.digests.map((digest) => ({ ...digest, topics: [] }));
    const view = preferencesView({ ...preferences, digests }, 'en');
    expect(view.digests.map(({ topicsAreGone }) => topicsAreGone)).toEqual([true, true]);
  });

  test('keeps what was typed while it is mended, with each error at its field', () => {
    const posted = {
      name: 'Bo',
      digests: ['d2'],
      'topics.d2': 't1',
      'cadence.d2': 'daily',
      'hour.d2': '9',
      'pausedUntil.d2': '2020-01-01',
    };
    const errors = [
      { field: 'digests.0.pausedUntil', code: 'past', message: '' },
      { field: 'digests.0.digest', code: 'unknown', message: '' },
      { field: 'name', code: 'too_big', message: '' },
    ];
    const view = preferencesView(preferences, 'en', { posted, errors });
    expect(view.errors.map(({ field }) => field)).toEqual(['pausedUntil-d2', 'digests', 'name']);
    expect(view.messages['pausedUntil-d2']).toBe('This day is past. Choose one to come.');
    expect(view.name).toBe('Bo');
    expect(view.digests).toMatchObject([
      { id: 'd1', subscribed: false },
      { id: 'd2', subscribed: true, topics: [{ isChosen: true }, { isChosen: false }], hour: '9' },
    ]);
    expect(view.digests[1]).toMatchObject({ cadence: 'daily', pausedUntil: '2020-01-01', alerts: false });
  });

  test.each([
    ['pending', true, false],
    ['unsubscribed', false, true],
    ['complained', false, true],
  ] as const)('of somebody who is %s', (status, isPending, hasEnded) => {
    expect(preferencesView({ ...preferences, status }, 'en')).toMatchObject({ isPending, hasEnded });
  });
});

describe('the box for being measured', () => {
  test.each([
    [{}, undefined],
    [{ purposes: 'measurement' }, undefined],
    [{ asked: 'measurement' }, false],
    [{ asked: 'measurement', purposes: 'measurement' }, true],
    [{ asked: 'measurement', purposes: ['newsletter', 'measurement'] }, true],
  ])('%j says %s', (fields, expected) => {
    expect(preferencesOf(fields).measurement).toBe(expected);
  });

  test('is there when something is asked, and keeps what was posted', () => {
    const shown = (agreed: boolean | null, posted?: Record<string, string>) =>
      preferencesView({ ...preferences, measurement: agreed === null ? null : { agreed } }, 'en', { posted })
        .measurement;
    expect(shown(null)).toBeNull();
    expect([shown(false), shown(true)]).toEqual([{ agreed: false }, { agreed: true }]);
    expect([shown(true, {}), shown(false, { purposes: 'measurement' })]).toEqual([
      { agreed: false },
      { agreed: true },
    ]);
  });
});
