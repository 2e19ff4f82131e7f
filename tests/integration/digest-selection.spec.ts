import { eq } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import {
  delivery,
  digest as digestTable,
  edition,
  editionArticle,
  subscriber,
  subscription,
} from '#database/schema/index.js';
import { ExplainRepository } from '#digest/explain/explain.repository.js';
import { FreezeRepository } from '#delivery/editions/freeze.repository.js';
import { FrozenWaves } from '#digest/selection/frozen-waves.js';
import { WaveService } from '#digest/selection/wave.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import {
  anArticle,
  aPast,
  aReader,
  aScene,
  DAYS,
  HOURS,
  NOON,
  Theatre,
  type PastOf,
  type ReaderOf,
  type Scene,
  type Sent,
  type Staged,
} from './selection.harness.js';

type Parts = Parameters<typeof aScene>[0];
/** What the first reader gets; null: no mail. */
type Case = [rule: string, reader: Partial<ReaderOf>, parts: Parts, expected: number[] | null];

const news = anArticle(-60);
/** An earlier edition of the digest, of an article that was there before. */
const reached = (at: number, more: Partial<PastOf> = {}): PastOf =>
  aPast(at, { got: [{ reader: 0, articles: [], status: 'accepted' }], ...more });
const slotAt = (at: number, previousAt: number | null = at - DAYS, local = false) => ({
  edition: { slot: { at, previousAt, local } },
});
const one = { articles: [news] };

const WHO: Case[] = [
  ['every edition goes to who wants every one', {}, { ...one, past: [reached(-120)] }, [0]],
  ['who has not confirmed gets nothing', { status: 'pending' }, one, null],
  ['who was suppressed gets nothing', { suppressed: true }, one, null],
  ['who has not subscribed gets nothing', { subscribed: false }, one, null],
  ['daily: the first of the day', { cadence: 'daily' }, { ...one, past: [reached(-13.5 * HOURS)] }, [0]],
  [
    'daily: not the second, by the clocks of Berlin',
    { cadence: 'daily' },
    { ...one, past: [reached(-12.5 * HOURS)] },
    null,
  ],
  [
    'daily: one that failed does not count',
    { cadence: 'daily' },
    { ...one, past: [reached(-120, { got: [{ reader: 0, articles: [], status: 'failed' }] })] },
    [0],
  ],
  [
    'daily: an alert does not count',
    { cadence: 'daily' },
    { ...one, past: [reached(-120, { kind: 'alert', selection: 'list' })] },
    [0],
  ],
  [
    'daily: another digest does not count',
    { cadence: 'daily' },
    { ...one, past: [reached(-120, { own: false })] },
    [0],
  ],
  ['weekly on Wednesday: on Wednesday', { cadence: 'weekly', weekday: 3 }, { ...one, ...slotAt(-60) }, [0]],
  [
    'weekly on Tuesday: not on Wednesday',
    { cadence: 'weekly', weekday: 2 },
    { ...one, ...slotAt(-60) },
    null,
  ],
  [
    'weekly on Sunday: on the next time there is',
    { cadence: 'weekly', weekday: 7 },
    { ...one, ...slotAt(-60, -60 - 4 * DAYS) },
    [0],
  ],
  [
    'weekly, whatever the day, in a monthly digest',
    { cadence: 'weekly', weekday: 5 },
    { ...one, ...slotAt(-60, -30 * DAYS) },
    [0],
  ],
  [
    'weekly on any day: six days after is too soon',
    { cadence: 'weekly' },
    { ...one, ...slotAt(0), past: [reached(-6 * DAYS)] },
    null,
  ],
  [
    'weekly on any day: seven days after',
    { cadence: 'weekly' },
    { ...one, ...slotAt(0), past: [reached(-7 * DAYS)] },
    [0],
  ],
  ['weekly on Tuesday, sent by hand on Wednesday', { cadence: 'weekly', weekday: 2 }, one, [0]],
  [
    'weekly, sent by hand twice in a week',
    { cadence: 'weekly', weekday: 2 },
    { ...one, past: [reached(-3 * DAYS)] },
    null,
  ],
  ['breaking only: no digest', { cadence: 'breaking' }, one, null],
  ['paused until tomorrow', { pausedUntil: '2027-01-14' }, one, null],
  ['paused until today', { pausedUntil: '2027-01-13' }, one, [0]],
  [
    'paused until tomorrow, which it is in Kiribati',
    { pausedUntil: '2027-01-14', zone: 'Pacific/Kiritimati' },
    one,
    [0],
  ],
  ['their hour has not come', { hour: 14 }, { ...one, ...slotAt(0) }, null],
  ['their hour has come', { hour: 13 }, { ...one, ...slotAt(0) }, [0]],
  ['by hand no hour counts', { hour: 20 }, one, [0]],
  [
    'a local slot: it is seven in Kathmandu',
    { zone: 'Asia/Kathmandu', hour: 17 },
    { ...one, ...slotAt(0, null, true) },
    [0],
  ],
  [
    'a local slot: it is not yet noon in Los Angeles',
    { zone: 'America/Los_Angeles' },
    { ...one, ...slotAt(0, null, true) },
    null,
  ],
  [
    'a zone that there is no more is as if there were none',
    { zone: 'Atlantis/Capital', hour: 13 },
    { ...one, ...slotAt(0) },
    [0],
  ],
];

const alert = { edition: { kind: 'alert' as const, selection: 'list' as const, articles: [0] } };
const ALERTS: Case[] = [
  [
    'who asked for alerts',
    { alerts: true, cadence: 'weekly', weekday: 1, hour: 3 },
    { ...one, ...alert },
    [0],
  ],
  ['who wants breaking news only', { cadence: 'breaking' }, { ...one, ...alert }, [0]],
  ['not who asked for neither', {}, { ...one, ...alert }, null],
  ['not who paused', { alerts: true, pausedUntil: '2027-01-14' }, { ...one, ...alert }, null],
  [
    'not on another topic',
    { alerts: true, topics: [1] },
    { articles: [anArticle(-1, { topics: [0] })], ...alert },
    null,
  ],
  [
    'not who had it in a digest',
    { alerts: true },
    {
      ...one,
      ...alert,
      past: [reached(-30, { articles: [0], got: [{ reader: 0, articles: [0], status: 'queued' }] })],
    },
    null,
  ],
];

const had = (at: number, status: PastOf['got'][number]['status'] = 'accepted', more: Partial<PastOf> = {}) =>
  reached(at, { own: false, articles: [0], got: [{ reader: 0, articles: [0], status }], ...more });
const five = [1, 2, 3, 4, 5].map((n) => anArticle(-n * HOURS));

const WHICH: Case[] = [
  ['the newest first', {}, { articles: five }, [0, 1, 2, 3, 4]],
  [
    'what is not public is not sent',
    {},
    {
      articles: [
        anArticle(10),
        anArticle(-9, { embargoUntil: 5 }),
        anArticle(-8, { retracted: true }),
        anArticle(-7, { draft: true }),
        news,
      ],
    },
    [4],
  ],
  [
    'an embargo that is over makes old news new',
    {},
    { articles: [anArticle(-20 * DAYS, { embargoUntil: -60 })] },
    [0],
  ],
  ['too old', {}, { articles: [anArticle(-14 * DAYS), anArticle(-14 * DAYS + 1)] }, [1]],
  [
    'off the topics of the digest',
    {},
    {
      digest: { topics: [1] },
      articles: [anArticle(-2, { topics: [0] }), anArticle(-3, { topics: [0, 1] }), anArticle(-4)],
    },
    [1],
  ],
  ['excluded', {}, { digest: { excluded: [1] }, articles: five }, [0, 2, 3, 4]],
  [
    'on a chosen topic, and what is untagged is on none',
    { topics: [1] },
    { articles: [anArticle(-2, { topics: [0] }), anArticle(-3, { topics: [0, 1] }), anArticle(-4)] },
    [1],
  ],
  [
    'no topics chosen at all',
    { topics: [] },
    { articles: [anArticle(-3, { topics: [0, 1] }), anArticle(-4)] },
    null,
  ],
  [
    'since the last edition that reached them',
    {},
    { articles: [anArticle(-30), anArticle(-90)], past: [reached(-60, { articles: [1] })] },
    [0],
  ],
  [
    'what came before an edition that failed is new',
    {},
    {
      articles: [anArticle(-30), anArticle(-90)],
      past: [reached(-60, { articles: [1], got: [{ reader: 0, articles: [1], status: 'expired' }] })],
    },
    [0, 1],
  ],
  [
    'published long ago, released now',
    {},
    { articles: [anArticle(-90, { releasedAt: -10 })], past: [reached(-60)] },
    [0],
  ],
  ['had in another digest', {}, { articles: [news], past: [had(-50)] }, null],
  ['being sent by another digest', {}, { articles: [news], past: [had(-50, 'claimed')] }, null],
  ['perhaps had', {}, { articles: [news], past: [had(-50, 'uncertain')] }, null],
  ['not had: the mail was refused', {}, { articles: [news], past: [had(-50, 'failed')] }, [0]],
  [
    'not had: the alert was to others',
    {},
    { articles: [news], past: [had(-50, 'accepted', { got: [] })] },
    [0],
  ],
  [
    'had, but so long ago that it may come again',
    {},
    { digest: { repeatAfterDays: 3 }, articles: [anArticle(-5 * DAYS)], past: [had(-4 * DAYS)] },
    [0],
  ],
  [
    'had within the window',
    {},
    { digest: { repeatAfterDays: 3 }, articles: [anArticle(-5 * DAYS)], past: [had(-2 * DAYS)] },
    null,
  ],
  [
    'had, which does not matter here',
    {},
    { digest: { repeatAfterDays: 0 }, articles: [news], past: [had(-50)] },
    [0],
  ],
  [
    'pinned, then by priority, then the newest',
    {},
    { digest: { pinned: [4, 3] }, articles: five.map((it, n) => ({ ...it, priority: n === 2 ? 9 : 0 })) },
    [4, 3, 2, 0, 1],
  ],
  [
    'by priority before pins',
    {},
    {
      digest: { pinned: [4], orderBy: ['priority', 'pin', 'recency'] },
      articles: five.map((it, n) => ({ ...it, priority: n === 2 ? 9 : 0 })),
    },
    [2, 4, 0, 1, 3],
  ],
  [
    'pins do not change what the reader chose',
    { topics: [1] },
    { digest: { pinned: [0] }, articles: [anArticle(-2, { topics: [0] }), anArticle(-3, { topics: [1] })] },
    [1],
  ],
  ['no more than the maximum', {}, { digest: { maxArticles: 2 }, articles: five }, [0, 1]],
  ['fewer than the minimum', {}, { digest: { minArticles: 6 }, articles: five }, null],
  ['as many as the minimum', {}, { digest: { minArticles: 5 }, articles: five }, [0, 1, 2, 3, 4]],
  ['nothing, and the digest says so', {}, { digest: { whenEmpty: 'send' } }, []],
  ['nothing', {}, {}, null],
  ['too few is not nothing', {}, { digest: { whenEmpty: 'send', minArticles: 6 }, articles: five }, null],
  [
    'a list in its order, with what was there before',
    {},
    { articles: five, past: [reached(-90)], edition: { selection: 'list', articles: [3, 1] } },
    [3, 1],
  ],
  [
    'a list without what was had',
    {},
    { articles: five, past: [had(-30)], edition: { selection: 'list', articles: [3, 0] } },
    [3],
  ],
  [
    'a list on the chosen topics',
    { topics: [1] },
    {
      articles: [anArticle(-2, { topics: [0] }), anArticle(-3, { topics: [1] })],
      edition: { selection: 'list', articles: [0, 1] },
    },
    [1],
  ],
];

onEachDatabase('the choice', (open, kind) => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open(await open());
  });

  const getsIn = async (scene: Scene) =>
    (await theatre.play(await theatre.stage(scene))) ?? new Map<number, Sent>();
  const rowsOf = (staged: Staged) =>
    theatre.room.database.db.select().from(delivery).where(eq(delivery.editionId, staged.editionId));
  const editionOf = async (staged: Staged) =>
    (await theatre.room.database.db.select().from(edition).where(eq(edition.id, staged.editionId)))[0]!;
  const at = (minutes: number) => new Date(NOON + minutes * 60_000);

  it.each([...WHO, ...ALERTS, ...WHICH])('%s', async (_rule, reader, parts, expected) => {
    const sent = await getsIn(aScene({ ...parts, readers: [aReader(reader)] }));
    expect(sent.get(0)?.articles ?? null).toEqual(expected);
  });

  it.each([0, 1, 64, 65, 300])(
    'chooses among %i articles, and cuts what is over the maximum',
    async (count) => {
      const articles = Array.from({ length: count }, (_, n) => anArticle(-n - 1, { topics: [n % 4] }));
      const readers = [aReader(), aReader({ topics: [3] }), aReader({ topics: [0, 2] })];
      const sent = await getsIn(aScene({ articles, readers, digest: { maxArticles: 10 } }));
      const all = articles.map((_, n) => n);
      readers.forEach(({ topics }, index) => {
        const wanted = all.filter((n) => !topics || topics.includes(n % 4));
        const mail = { articles: wanted.slice(0, 10), more: wanted.length > 10 };
        expect(sent.get(index)).toEqual(wanted.length > 0 ? mail : undefined);
      });
    },
  );

  it('makes one variant of all who get the same', async () => {
    const articles = [anArticle(-1, { topics: [0] }), anArticle(-2, { topics: [1] })];
    const readers = [[0], [0], [1], null, [0, 1]].map((topics) => aReader({ topics }));
    const staged = await theatre.stage(
      aScene({ articles, readers: [...readers, aReader({ locale: 'de' })] }),
    );
    await theatre.play(staged);
    const variants = (await rowsOf(staged)).map((row) => row.variantId);
    expect([variants.length, new Set(variants).size]).toEqual([6, 4]);
  });

  it('freezes a wave once', async () => {
    const staged = await theatre.stage(aScene({ articles: [news], ...slotAt(0) }));
    await theatre.play(staged);
    await expect(theatre.play(staged)).rejects.toMatchObject({ code: 'wrong_state' });
    expect(await rowsOf(staged)).toHaveLength(1);
  });

  it('freezes each wave of a local edition at its time', async () => {
    const zones = ['Asia/Kolkata', 'Europe/Berlin', 'America/Los_Angeles'];
    const readers = zones.map((zone) => aReader({ zone }));
    const scene = aScene({
      now: -12 * HOURS,
      articles: [anArticle(-13 * HOURS)],
      readers,
      ...slotAt(0, null, true),
    });
    const staged = await theatre.stage(scene);
    const { room } = theatre;
    const { db } = room.database;
    expect(await theatre.play(staged)).toBeNull();
    const first = at(-5.5 * HOURS);
    expect(await editionOf(staged)).toMatchObject({ status: 'scheduled', sendAt: first, nextWaveAt: first });
    room.clock.set(first);
    expect(await room.editions.startDue()).toEqual([staged.editionId]);
    expect([...(await theatre.play(staged))!.keys()]).toEqual([0]);
    expect(await editionOf(staged)).toMatchObject({ status: 'sending', waves: 1, nextWaveAt: at(-60) });
    await expect(theatre.play(staged)).resolves.toBeNull();

    // The first moves west, and somebody signs up there.
    await db.update(subscriber).set({ timeZone: zones[2] }).where(eq(subscriber.id, staged.readers[0]!));
    const late = newId();
    await db.insert(subscriber).values({
      id: late,
      publicationId: room.publicationId,
      email: 'l@example.org',
      emailNormalised: 'l@example.org',
      addressHmac: Buffer.from('late'),
      locale: 'en',
      status: 'active',
      timeZone: zones[2],
    });
    await db.insert(subscription).values({ subscriberId: late, digestId: staged.digestId });
    staged.readers.push(late);
    room.clock.set(at(-60));
    expect([...(await theatre.play(staged))!.keys()]).toEqual([1]);
    room.clock.set(at(8 * HOURS));
    expect([...(await theatre.play(staged))!.keys()].sort()).toEqual([2, 3]);
    expect(await editionOf(staged)).toMatchObject({
      status: 'sending',
      waves: 3,
      recipients: 4,
      nextWaveAt: null,
    });
  });

  it('looks again every quarter of an hour for readers in a zone that nobody was in', async () => {
    const scene = aScene({
      now: -6 * HOURS,
      articles: [anArticle(-13 * HOURS)],
      readers: [aReader({ zone: 'America/Los_Angeles' })],
      ...slotAt(0, null, true),
    });
    const staged = await theatre.stage(scene);
    const { room } = theatre;
    const { db } = room.database;
    expect(await theatre.play(staged)).toBeNull(); // scheduled for the evening
    await db
      .update(subscriber)
      .set({ timeZone: 'Europe/Berlin' })
      .where(eq(subscriber.id, staged.readers[0]!));
    const preparing = async () => (await room.editions.findPreparing()).map(({ id }) => id);
    room.clock.set(at(-3 * HOURS - 7));
    expect(await preparing()).not.toContain(staged.editionId);
    room.clock.set(at(-3 * HOURS));
    expect(await preparing()).toContain(staged.editionId);
    expect(await theatre.play(staged)).toBeNull();
    expect(await editionOf(staged)).toMatchObject({ status: 'scheduled', nextWaveAt: at(-60) });
    room.clock.set(at(-60));
    expect([...(await theatre.play(staged))!.keys()]).toEqual([0]);
  });

  it('cancels an edition of the clock that nobody gets', async () => {
    const staged = await theatre.stage(aScene({ articles: [], ...slotAt(0) }));
    await theatre.play(staged);
    expect(await editionOf(staged)).toMatchObject({
      status: 'cancelled',
      statusReason: 'Nothing new for anybody.',
    });
  });

  it.each([
    '{{ articles[1].title | upcase }}',
    '{% for a in articles offset: 1 limit: 1 %}{{ a.nothing }}{% endfor %}',
  ])('freezes nothing when the subject %s fails on one variant', async (subject) => {
    const articles = [anArticle(-1, { topics: [0] }), anArticle(-2, { topics: [1] })];
    const readers = [aReader(), aReader({ topics: [subject.includes('for') ? 0 : 1] })];
    const staged = await theatre.stage(aScene({ articles, readers, digest: { subject } }));
    await expect(theatre.play(staged)).rejects.toMatchObject({
      code: 'invalid_input',
      errors: [{ field: 'subject', message: expect.stringContaining('Line 1') as string }],
    });
    expect(await rowsOf(staged)).toEqual([]);
    expect(await editionOf(staged)).toMatchObject({ status: 'preparing', waves: 0, recipients: 0 });
  });

  if (kind === 'postgres')
    it('sends no article twice when digests and an alert are frozen at once', async () => {
      const articles = Array.from({ length: 6 }, (_, n) => anArticle(-n - 1));
      const readers = Array.from({ length: 30 }, () => aReader({ alerts: true }));
      const { db } = theatre.room.database;
      const current = await theatre.room.get(PublicationService).current();
      for (let round = 0; round < 4; round++) {
        const staged = await theatre.stage(aScene({ articles, readers }));
        const [other] = await db.select().from(digestTable).where(eq(digestTable.slug, 'the-other'));
        await db
          .insert(subscription)
          .values(
            staged.readers.map((subscriberId) => ({ subscriberId, digestId: other!.id, alerts: true })),
          );
        const [second, third] = [newId(), newId()];
        const base = { publicationId: theatre.room.publicationId, status: 'preparing' as const };
        await db.insert(edition).values([
          { ...base, id: second, digestId: other!.id, slug: 'second', selection: 'auto' },
          {
            ...base,
            id: third,
            digestId: staged.digestId,
            slug: 'third',
            kind: 'alert',
            selection: 'list',
            articleId: staged.articles[0],
          },
        ]);
        const held = { editionId: third, articleId: staged.articles[0]!, position: 0 };
        await db.insert(editionArticle).values(held);
        await Promise.all(
          [staged.editionId, second, third].map((editionId) =>
            theatre.room.database.transaction(async (tx) => {
              const chosen = await theatre.room.get(WaveService).choose(tx, current, editionId);
              if (!chosen) return;
              const frozen = await new FreezeRepository().freeze(tx, {
                editionId,
                wave: 0,
                now: theatre.room.clock.now(),
              });
              await theatre.room.get(FrozenWaves).note(tx, chosen, frozen);
            }),
          ),
        );
        for (const reader of staged.readers) {
          const mails = await theatre.room.get(ExplainRepository).mails(db, reader, new Date(0));
          const got = mails.flatMap((mail) => mail.got);
          expect(got.sort()).toEqual([...staged.articles].sort()); // all of them, and none twice
        }
      }
    });
});
