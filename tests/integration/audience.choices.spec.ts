import { eq } from 'drizzle-orm';
import { ConfirmationService } from '#audience/reader/confirmation.service.js';
import { confirmTokenTtl, linkEnd, preferencesTokenTtl } from '#audience/reader/link-lifetimes.js';
import { PreferencesService } from '#audience/reader/preferences.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { SubscriptionRepository } from '#audience/subscribers/subscription.repository.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import { digest, subscriber, subscription } from '#database/schema/index.js';
import type { DomainError } from '#kernel/errors/errors.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, context, freshAddress, openAudience, START, type Audience } from './audience.harness.js';

const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' };
/** START is a morning of this day in UTC. */
const TODAY = '2026-03-01';
const PLAIN = { topics: null, cadence: 'every', weekday: null, hour: null, alerts: false, pausedUntil: null };
const VISITOR = { ip: '198.51.100.4', userAgent: 'Mail reader' };

onEachDatabase('a reader’s choices', (open, kind) => {
  let audience: Audience;
  let harbour: string;
  let council: string;

  beforeAll(async () => {
    audience = await openAudience(await open());
    await addDigest(audience, 'daily');
    await addDigest(audience, 'weekend', false);
    harbour = (await audience.get(TopicService).create({ name: 'Harbour' })).id;
    council = (await audience.get(TopicService).create({ name: 'Council' })).id;
  });
  beforeEach(() => audience.clock.set(START));

  const subscribers = () => audience.get(SubscriberService);
  const add = (more: object = {}) =>
    subscribers().create({ email: freshAddress(), status: 'active', consent: CONSENT, ...more });
  const rowOf = async (email: string, of = audience) => {
    const [row] = await of.database.db.select().from(subscriber).where(eq(subscriber.email, email));
    return row!;
  };
  const subscriptionsOf = (id: string, of = audience) =>
    of.database.db.select().from(subscription).where(eq(subscription.subscriberId, id));
  const linkOf = (id: string) =>
    audience.signer.sign('preferences', {
      subscriberId: id,
      expiresAt: linkEnd(audience.clock.now(), preferencesTokenTtl),
    });

  it('come with a sign-up', async () => {
    const email = freshAddress();
    const more = {
      digests: ['weekend'],
      topics: 'harbour',
      cadence: 'weekly',
      weekday: '7',
      hour: '0',
      alerts: 'on',
    };
    await audience.get(SignUpService).signUp({ email, terms: 'on', ...more }, context());
    const { id } = await rowOf(email);
    expect(await subscriptionsOf(id)).toMatchObject([
      { topics: [harbour], cadence: 'weekly', weekday: 7, hour: 0, alerts: true, pausedUntil: null },
    ]);
    const wrong = { email, terms: 'on', cadence: 'daily', weekday: 3, hour: 7 };
    await expect(audience.get(SignUpService).signUp(wrong, context())).rejects.toMatchObject({
      errors: [{ field: 'weekday', code: 'not_weekly' }],
    });
  });

  it('are given, shown and changed by the operator, digest by digest', async () => {
    const made = await add({
      timeZone: 'Asia/Tokyo',
      subscriptions: [
        { digest: 'daily', topics: ['harbour'], hour: 6 },
        { digest: 'weekend', cadence: 'weekly', weekday: 6, alerts: true, pausedUntil: '2026-12-24' },
      ],
    });
    expect(made).toMatchObject({
      followsDefaults: false,
      digests: [
        { ...PLAIN, slug: 'daily', topics: [harbour], hour: 6 },
        {
          ...PLAIN,
          slug: 'weekend',
          cadence: 'weekly',
          weekday: 6,
          alerts: true,
          pausedUntil: '2026-12-24',
        },
      ],
    });
    const patched = await subscribers().patch(made.id, {
      subscriptions: [{ digest: 'weekend', weekday: null, pausedUntil: null }],
    });
    expect(patched.digests).toMatchObject([
      { slug: 'weekend', cadence: 'weekly', weekday: null, alerts: true, pausedUntil: null },
    ]);
    const again = await subscribers().patch(made.id, { topics: ['council'], digests: ['weekend', 'daily'] });
    expect(again.digests).toMatchObject([
      { ...PLAIN, slug: 'daily', topics: [council] },
      { slug: 'weekend', topics: [council], cadence: 'weekly', alerts: true },
    ]);
    expect(await subscribers().data(made.id)).toMatchObject({
      subscriber: { digests: again.digests, firstWish: null },
    });
  });

  it.each([
    [{ subscriptions: [], topics: [] }, 'subscriptions conflict'],
    [{ subscriptions: [], digests: ['daily'] }, 'subscriptions conflict'],
    [{ subscriptions: [{ digest: 'daily', weekday: 8 }] }, 'subscriptions.0.weekday too_big'],
    [{ subscriptions: [{ digest: 'daily', weekday: 1 }] }, 'subscriptions.0.weekday not_weekly'],
    [{ subscriptions: [{ digest: 'daily', hour: 24 }] }, 'subscriptions.0.hour too_big'],
    [{ subscriptions: [{ digest: 'daily', cadence: 'hourly' }] }, 'subscriptions.0.cadence invalid_value'],
    [{ subscriptions: [{ digest: 'daily', topics: ['x'] }] }, 'subscriptions.0.topics.0 unknown'],
    [{ subscriptions: [{ digest: 'nope' }] }, 'subscriptions.0.digest unknown'],
    [{ subscriptions: [{ hour: 1 }] }, 'subscriptions.0.digest required'],
    [{ subscriptions: [{ digest: 'daily', pausedUntil: '2026-02-28' }] }, 'subscriptions.0.pausedUntil past'],
    [
      { subscriptions: [{ digest: 'daily', pausedUntil: '2028-03-02' }] },
      'subscriptions.0.pausedUntil too_far',
    ],
    [
      { subscriptions: [{ digest: 'daily', pausedUntil: 'soon' }] },
      'subscriptions.0.pausedUntil invalid_format',
    ],
  ])('%j are refused: %s', async (choices, problem) => {
    const made = await add();
    const problems = async (action: Promise<unknown>) => {
      const error = await action.then(
        () => undefined,
        (reason: unknown) => reason as DomainError,
      );
      return error?.errors?.map(({ field, code }) => `${field} ${code}`);
    };
    expect(await problems(add(choices))).toEqual([problem]);
    expect(await problems(subscribers().patch(made.id, choices))).toEqual([problem]);
    expect((await subscribers().get(made.id)).digests).toMatchObject([{ ...PLAIN, slug: 'daily' }]);
  });

  it('pause until a day of the reader’s own calendar', async () => {
    audience.clock.set('2026-03-01T23:30:00Z');
    const pause = (timeZone: string, pausedUntil: string) =>
      add({ timeZone, subscriptions: [{ digest: 'daily', pausedUntil }] });
    await expect(pause('Asia/Tokyo', TODAY)).rejects.toMatchObject({ errors: [{ code: 'past' }] });
    const { id, digests } = await pause('America/New_York', '2026-03-02');
    expect(digests).toMatchObject([{ pausedUntil: '2026-03-02' }]);
    audience.clock.set('2026-03-02T04:59:00Z');
    expect((await subscribers().get(id)).digests).toMatchObject([{ pausedUntil: '2026-03-02' }]);
    audience.clock.set('2026-03-02T05:00:00Z');
    expect((await subscribers().get(id)).digests).toMatchObject([{ pausedUntil: null }]);
  });

  it('are the reader’s to change on their page', async () => {
    const { id } = await add({ topics: ['council'] });
    const service = audience.get(PreferencesService);
    const mine = {
      digest: 'daily',
      topics: ['harbour'],
      cadence: 'weekly',
      weekday: '1',
      hour: '7',
      alerts: 'on',
      pausedUntil: '2026-03-10',
    };
    const after = await service.update(linkOf(id), { timeZone: 'Asia/Tokyo', digests: [mine] });
    expect(after).toMatchObject({
      clock: 'Asia/Tokyo',
      today: TODAY,
      digests: [
        {
          slug: 'daily',
          subscribed: true,
          topics: [harbour],
          cadence: 'weekly',
          weekday: 1,
          hour: 7,
          alerts: true,
          pausedUntil: '2026-03-10',
        },
        { ...PLAIN, slug: 'weekend', subscribed: false },
      ],
    });
    const blank = { digest: 'daily', cadence: '', hour: '', pausedUntil: '' };
    const plain = await service.update(linkOf(id), { digests: [blank] });
    expect(plain.digests[0]).toMatchObject({ ...PLAIN, subscribed: true });
    const past = { digests: [{ digest: 'daily', pausedUntil: '2026-01-01' }] };
    await expect(service.update(linkOf(id), past)).rejects.toMatchObject({
      errors: [{ field: 'digests.0.pausedUntil', code: 'past' }],
    });
  });

  // The embedded database has one session and cannot show a race.
  if (kind === 'postgres') {
    it('lose nothing when two change them at once', async () => {
      for (let n = 0; n < 5; n++) {
        const { id } = await add({ digests: ['daily'] });
        await Promise.all([
          subscribers().patch(id, { topics: ['harbour'] }),
          subscribers().patch(id, { digests: ['daily', 'weekend'] }),
          subscribers().patch(id, { name: 'Ann' }),
        ]);
        const { name, digests } = await subscribers().get(id);
        expect(name).toBe('Ann');
        expect(digests).toMatchObject([{ slug: 'daily', topics: [harbour] }, { slug: 'weekend' }]);
      }
    });
  }

  describe('before there is a digest', () => {
    let early: Audience;
    let ferry: string;
    let weather: string;
    beforeEach(async () => {
      early = await openAudience(await open());
      ferry = (await early.get(TopicService).create({ name: 'Ferry' })).id;
      weather = (await early.get(TopicService).create({ name: 'Weather' })).id;
    });
    const signUp = async (more: object) => {
      const email = freshAddress();
      await early.get(SignUpService).signUp({ email, terms: 'on', ...more }, context());
      return email;
    };

    it('wait for the first', async () => {
      const chooser = await signUp({ topics: ['ferry', 'weather'], cadence: 'weekly', weekday: 5, hour: 9 });
      const plain = await signUp({});
      const manual = await early.get(SubscriberService).create({
        email: freshAddress(),
        status: 'active',
        consent: CONSENT,
        topics: ['ferry'],
      });
      expect(await rowOf(chooser, early)).toMatchObject({
        firstWish: { topics: [ferry, weather], cadence: 'weekly', weekday: 5, hour: 9, alerts: false },
      });
      expect(await rowOf(plain, early)).toMatchObject({ firstWish: null });
      expect(await early.get(SubscriberService).data(manual.id)).toMatchObject({
        subscriber: { firstWish: { topics: [ferry] } },
      });
      // They change their mind, and a topic goes.
      await early.get(SubscriberService).patch(manual.id, { topics: ['weather'] });
      await early.get(TopicService).delete(weather);

      const id = await addDigest(early, 'first');
      await new SubscriptionRepository().giveToFollowers(early.database.db, early.publicationId, id);
      const chosen = async (email: string) => subscriptionsOf((await rowOf(email, early)).id, early);
      expect(await chosen(chooser)).toMatchObject([
        { digestId: id, topics: [ferry], cadence: 'weekly', weekday: 5, hour: 9, alerts: false },
      ]);
      expect(await chosen(plain)).toMatchObject([{ ...PLAIN, digestId: id }]);
      // Nothing rather than everything: what they had asked for is gone.
      expect(await chosen(manual.email)).toMatchObject([{ digestId: id, topics: [] }]);
    });

    it('are given with the confirmation to who was on the way', async () => {
      const email = await signUp({ topics: ['ferry'], alerts: true });
      const { id } = await rowOf(email, early);
      await addDigest(early, 'first');
      const expiresAt = linkEnd(early.clock.now(), confirmTokenTtl);
      const token = early.signer.sign('confirm', { subscriberId: id, expiresAt });
      await early.get(ConfirmationService).confirm(token, VISITOR);
      expect(await subscriptionsOf(id, early)).toMatchObject([{ ...PLAIN, topics: [ferry], alerts: true }]);
    });

    it('are those of the last sign-up', async () => {
      const email = await signUp({ topics: ['ferry'] });
      await early.get(SignUpService).signUp({ email, terms: 'on', hour: 7 }, context());
      expect(await rowOf(email, early)).toMatchObject({ firstWish: { topics: null, hour: 7 } });
      await addDigest(early, 'first');
      await early.get(SignUpService).signUp({ email, terms: 'on', cadence: 'daily' }, context());
      expect(await rowOf(email, early)).toMatchObject({ firstWish: null });
      expect(await early.database.db.select().from(digest)).toHaveLength(1);
      expect(await subscriptionsOf((await rowOf(email, early)).id, early)).toMatchObject([
        { cadence: 'daily' },
      ]);
    });
  });
});
