import type { DomainError } from '#kernel/errors/errors.js';
import { changedWish, resolveWish, type Choice, type Standing, type Wish } from './choices.js';
import type { Offer } from './offer.js';
import { PLAIN } from './digest-preferences.js';

const offer: Offer = {
  digests: [
    { id: 'd1', slug: 'daily', name: 'Daily', isDefault: true },
    { id: 'd2', slug: 'weekly', name: 'Weekly', isDefault: false },
  ],
  topics: [
    { id: 't1', slug: 'harbour', name: 'Harbour' },
    { id: 't2', slug: 'council', name: 'Council' },
  ],
};
const emptyMenu: Offer = { ...offer, digests: [] };

const problemsOf = (action: () => unknown) => {
  try {
    action();
  } catch (error) {
    return ((error as DomainError).errors ?? []).map(({ field, code }) => `${field} ${code}`);
  }
  return [];
};

describe('what was wished for', () => {
  it('is the defaults when no digest is named', () => {
    const wish = resolveWish(offer, {
      topics: ['harbour', 't1', 'council'],
      cadence: 'weekly',
      weekday: 7,
      hour: 0,
      alerts: true,
    });
    expect(wish).toEqual({
      followsDefaults: true,
      choices: [
        {
          digestId: 'd1',
          topics: ['t1', 't2'],
          cadence: 'weekly',
          weekday: 7,
          hour: 0,
          alerts: true,
          pausedUntil: null,
        },
      ],
      firstWish: null,
      purposes: ['newsletter', 'digest:daily'],
    });
  });

  it('is what is named, by id or slug', () => {
    expect(resolveWish(offer, { digests: ['d2', 'WEEKLY'] })).toMatchObject({
      followsDefaults: false,
      choices: [{ digestId: 'd2', ...PLAIN }],
      purposes: ['newsletter', 'digest:weekly'],
    });
  });

  it('may be something else of each digest', () => {
    const wish = resolveWish(offer, {
      subscriptions: [
        { digest: 'weekly', topics: ['council'], cadence: 'weekly', weekday: 1, pausedUntil: '2027-01-02' },
        { digest: 'd1', hour: 6, topics: null },
      ],
    });
    expect(wish).toEqual({
      followsDefaults: false,
      choices: [
        {
          ...PLAIN,
          digestId: 'd2',
          topics: ['t2'],
          cadence: 'weekly',
          weekday: 1,
          pausedUntil: '2027-01-02',
        },
        { ...PLAIN, digestId: 'd1', hour: 6 },
      ],
      firstWish: null,
      purposes: ['newsletter', 'digest:daily', 'digest:weekly'],
    });
    expect(resolveWish(offer, { subscriptions: [] })).toMatchObject({ followsDefaults: false, choices: [] });
  });

  it.each<[Wish, string[]]>([
    [{ digests: ['daily', 'nope'], topics: ['x'] }, ['topics.0 unknown', 'digests.1 unknown']],
    [{ weekday: 3 }, ['weekday not_weekly']],
    [{ weekday: 3, cadence: 'daily' }, ['weekday not_weekly']],
    [{ weekday: null, cadence: 'daily' }, []],
    [
      {
        subscriptions: [
          { digest: 'nope', topics: ['harbour', 'x'] },
          { digest: 'daily', weekday: 2 },
        ],
      },
      [
        'subscriptions.0.topics.1 unknown',
        'subscriptions.0.digest unknown',
        'subscriptions.1.weekday not_weekly',
      ],
    ],
    [{ subscriptions: [{ digest: 'daily' }, { digest: 'd1' }] }, ['subscriptions.1.digest doubled']],
  ])('%j has the problems %j', (wish, expected) => {
    expect(problemsOf(() => resolveWish(offer, wish))).toEqual(expected);
  });
});

describe('what was wished for before there was a digest', () => {
  it('is kept', () => {
    const wish = resolveWish(emptyMenu, { topics: ['harbour'], cadence: 'weekly', weekday: 7 });
    expect(wish).toMatchObject({
      followsDefaults: true,
      choices: [],
      firstWish: { topics: ['t1'], cadence: 'weekly', weekday: 7, hour: null, alerts: false },
    });
    expect(changedWish(emptyMenu, wish, { topics: [] }).firstWish).toMatchObject({
      topics: null,
      cadence: 'weekly',
    });
  });

  it('is nothing when nothing was chosen', () => {
    expect(resolveWish(emptyMenu, {}).firstWish).toBeNull();
    expect(resolveWish(emptyMenu, { topics: [], cadence: 'every', alerts: false }).firstWish).toBeNull();
  });

  it('becomes the choice of the first digests, and of no later one', () => {
    const { firstWish } = resolveWish(emptyMenu, { hour: 7, alerts: true });
    const follower: Standing = { followsDefaults: true, choices: [], firstWish };
    const given = changedWish(offer, follower, { topics: ['harbour'] });
    expect(given.choices).toEqual([{ ...PLAIN, digestId: 'd1', topics: ['t1'], hour: 7, alerts: true }]);
    expect(given.firstWish).toBeNull();
    const more = changedWish(offer, { ...given, firstWish }, { digests: ['daily', 'weekly'] });
    expect(more.choices).toEqual([given.choices[0], { ...PLAIN, digestId: 'd2' }]);
  });
});

describe('an operator’s change', () => {
  const own: Choice = {
    digestId: 'd2',
    topics: ['t1'],
    cadence: 'weekly',
    weekday: 5,
    hour: 7,
    alerts: true,
    pausedUntil: '2027-01-02',
  };
  const now: Standing = { followsDefaults: false, choices: [own], firstWish: null };

  it('keeps all that was chosen of a digest that stays', () => {
    const wish = changedWish(offer, now, { digests: ['weekly', 'daily'] });
    expect(wish.choices).toEqual([{ ...PLAIN, digestId: 'd1' }, own]);
  });

  it('of topics alone keeps the digests', () => {
    const wish = changedWish(offer, now, { topics: ['council'] });
    expect(wish).toMatchObject({ followsDefaults: false, choices: [{ ...own, topics: ['t2'] }] });
  });

  it('of topics alone gives a follower no further default, and nobody the defaults', () => {
    expect(changedWish(offer, { ...now, followsDefaults: true }, { topics: ['council'] })).toMatchObject({
      followsDefaults: true,
      choices: [{ digestId: 'd2' }],
    });
    expect(changedWish(offer, { ...now, choices: [] }, { topics: ['council'] })).toMatchObject({
      followsDefaults: false,
      choices: [],
    });
  });

  it('of topics alone does not stumble over a digest that is gone', () => {
    const gone = { ...own, digestId: 'd0' };
    expect(changedWish(offer, { ...now, choices: [gone, own] }, { topics: [] }).choices).toEqual([
      { ...own, topics: null },
    ]);
  });

  it('to no digest at all is not the defaults', () => {
    expect(changedWish(offer, { ...now, followsDefaults: true }, { digests: null })).toMatchObject({
      followsDefaults: false,
      choices: [],
    });
  });

  it.each<[string, Partial<Choice> | { topics: null }, Partial<Choice>]>([
    ['nothing', {}, {}],
    ['the hour', { hour: 0 }, { hour: 0 }],
    ['the default hour', { hour: null }, { hour: null }],
    ['all topics', { topics: null }, { topics: null }],
    ['another weekday', { weekday: 1 }, { weekday: 1 }],
    [
      'another cadence, which takes the weekday away',
      { cadence: 'daily' },
      { cadence: 'daily', weekday: null },
    ],
    ['the end of a pause', { pausedUntil: null }, { pausedUntil: null }],
    ['no alerts', { alerts: false }, { alerts: false }],
  ])('of one digest to %s keeps the rest', (_what, change, expected) => {
    const wish = changedWish(offer, now, { subscriptions: [{ digest: 'weekly', ...change }] });
    expect(wish.choices).toEqual([{ ...own, ...expected }]);
  });

  it('refuses a weekday with what the cadence becomes', () => {
    const change = { subscriptions: [{ digest: 'weekly', weekday: 2, cadence: 'every' as const }] };
    expect(problemsOf(() => changedWish(offer, now, change))).toEqual(['subscriptions.0.weekday not_weekly']);
  });
});
