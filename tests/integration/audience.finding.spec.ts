import { sql } from 'drizzle-orm';
import { FindReaders } from '#audience/finding/find-readers.service.js';
import { ReaderCountsService } from '#audience/finding/reader-counts.service.js';
import { ReaderSearchRepository } from '#audience/finding/reader-search.repository.js';
import { ReaderCountRepository } from '#audience/numbers/reader-count.repository.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { TopicService } from '#audience/operator/topic.service.js';
import { SignUpService } from '#audience/reader/sign-up.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { SubscriptionRepository } from '#audience/subscribers/subscription.repository.js';
import { rowsOf } from '#database/rows.js';
import { onEachDatabase } from '../support/databases.js';
import { addDigest, context, openAudience, type Audience } from './audience.harness.js';

const CONSENT = { source: 'Paper form at the spring fair', terms: 'accepted' };

onEachDatabase('finding readers', (open) => {
  let audience: Audience;
  const finding = () => audience.get(FindReaders);
  const emails = async (query: Record<string, unknown>) =>
    (await finding().list(query)).data.map((row) => row.email);

  beforeAll(async () => {
    audience = await openAudience(await open());
    const daily = await addDigest(audience, 'daily');
    await addDigest(audience, 'weekly', false);
    const harbour = await audience.get(TopicService).create({ name: 'Harbour' });
    const add = (email: string, name: string | null, more: Record<string, unknown> = {}) =>
      audience.get(SubscriberService).create({ email, name, status: 'active', consent: CONSENT, ...more });
    await add('ada@example.org', 'Ada Lovelace', { locale: 'de', attributes: { plan: 'gold', seats: 3 } });
    await add('a_b@example.org', 'José Ångström', { topics: [harbour.id] });
    await add('x100%off@example.net', null, { attributes: { plan: 'silver', seats: '3' } });
    await add('zoe@example.net', 'Zoë Müller-Straße', { digests: ['weekly'] });
    await add('back\\slash@example.net'.replace('\\', '/'), 'Иван Жуков', { digests: [daily, 'weekly'] });
    await add('wang@example.com', '王伟');
    await audience.get(SubscriberService).create({ email: 'later@example.com', status: 'pending' });
    const form = { email: 'form@example.com', terms: 'accepted', name: 'Ada Again' };
    await audience.get(SignUpService).signUp(form, context({ form: 'embed' }));
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['part of an address', { q: 'mple.com' }, ['form@example.com', 'later@example.com', 'wang@example.com']],
    ['part of a name, in any case', { q: 'LOVE' }, ['ada@example.org']],
    ['a name without its accents', { q: 'angstrom' }, ['a_b@example.org']],
    ['accents that the name has not', { q: 'Lövélacë' }, ['ada@example.org']],
    ['a letter written as two', { q: 'strasse' }, ['zoe@example.net']],
    ['another script, in any case', { q: 'жук' }, ['back/slash@example.net']],
    ['two signs of another script', { q: '王伟' }, ['wang@example.com']],
    ['several words, in any order', { q: 'lovelace  ada' }, ['ada@example.org']],
    ['words of which one is nowhere', { q: 'ada zzz' }, []],
    ['two letters', { q: 'zo' }, ['zoe@example.net']],
    ['one letter', { q: 'w', status: 'pending' }, []],
    ['an underscore, as it is', { q: '_' }, ['a_b@example.org']],
    ['a per cent sign, as it is', { q: '0%o' }, ['x100%off@example.net']],
    ['a slash', { q: 'k/s' }, ['back/slash@example.net']],
    ['nothing at all', { q: '  ', status: 'pending' }, ['form@example.com', 'later@example.com']],
    ['a status', { status: 'pending', q: 'later' }, ['later@example.com']],
    ['a digest by its slug', { digest: 'weekly' }, ['back/slash@example.net', 'zoe@example.net']],
    ['a digest that is not there', { digest: 'monthly' }, []],
    ['a topic by its slug', { topic: 'harbour' }, ['a_b@example.org']],
    ['a topic in a digest', { topic: 'harbour', digest: 'weekly' }, []],
    ['where they came from', { source: 'embed' }, ['form@example.com']],
    ['by whom they were added', { source: 'operator' }, ['later@example.com']],
    ['a language', { locale: 'de' }, ['ada@example.org']],
    ['an attribute', { attribute: 'plan:gold' }, ['ada@example.org']],
    [
      'an attribute that may be a number',
      { attribute: 'seats:3' },
      ['x100%off@example.net', 'ada@example.org'],
    ],
    ['several attributes', { attribute: ['seats:3', 'plan:silver'] }, ['x100%off@example.net']],
    ['all at once', { q: 'ada', source: 'api', locale: 'de', digest: 'daily' }, ['ada@example.org']],
    ['oldest first', { q: 'ada', sort: 'oldest' }, ['ada@example.org', 'form@example.com']],
    [
      'by address',
      { q: 'example.net', sort: 'address' },
      ['back/slash@example.net', 'x100%off@example.net', 'zoe@example.net'],
    ],
  ])('are found by %s', async (_what, query, expected) => {
    expect(await emails(query)).toEqual(expected);
  });

  it('puts who has exactly the address first, once, and pages on', async () => {
    await audience.get(SubscriberService).create({ email: 'xada@example.org', status: 'pending' });
    expect(await emails({ q: 'ADA@example.org' })).toEqual(['ada@example.org', 'xada@example.org']);
    for (const sort of ['newest', 'oldest', 'address']) {
      const whole = await emails({ q: 'example', sort, limit: 200 });
      const paged: string[] = [];
      for (let cursor: string | undefined; ;) {
        const page = await finding().list({ q: 'example', sort, limit: 2, ...(cursor ? { cursor } : {}) });
        paged.push(...page.data.map((row) => row.email));
        if (!page.nextCursor) break;
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(whole);
      expect(new Set(paged).size).toBe(9);
    }
  });

  it('tells how many there are, where that is known', async () => {
    const total = async (query: Record<string, unknown>) => (await finding().list(query)).total;
    expect(await total({})).toEqual({ value: 9, exact: true });
    expect(await total({ limit: 1 })).toEqual({ value: 9, exact: true });
    expect(await total({ digest: 'weekly', limit: 1 })).toEqual({ value: 2, exact: true });
    expect(await total({ status: 'pending', source: 'embed' })).toEqual({ value: 1, exact: true });
    expect(await total({ q: 'example.net' })).toEqual({ value: 3, exact: true });
    expect(await total({ topic: 'nothing' })).toEqual({ value: 0, exact: true });
    const guessed = await total({ q: 'example', limit: 2 });
    expect(guessed).toMatchObject({ exact: false });
    expect(guessed!.value).toBeGreaterThanOrEqual(3);
    expect(guessed!.value).toBeLessThanOrEqual(9);
  });

  it('refuses what it cannot understand', async () => {
    await expect(finding().list({ attribute: 'gold' })).rejects.toMatchObject({
      errors: [{ field: 'attribute.0' }],
    });
    await expect(finding().list({ sort: 'colour' })).rejects.toMatchObject({ errors: [{ field: 'sort' }] });
  });

  it('finds by an index what lies beyond those that are gone through', async () => {
    const { db } = audience.database;
    await db.execute(sql`
      INSERT INTO subscriber (id, publication_id, email, email_normalised, address_hmac, name, locale, status)
      SELECT gen_random_uuid(), ${audience.publicationId}::uuid, a, a, sha256(a::bytea), 'Filler ' || i, 'fr', 'unsubscribed'
      FROM generate_series(1, 10500) AS i, LATERAL (SELECT 'filler' || i || '@example.edu' AS a) x`);
    // Their ids are no times, so those that were there are the oldest.
    await db.execute(sql`UPDATE subscriber SET id = ('ff' || substr(id::text, 3))::uuid WHERE locale = 'fr'`);
    expect(await emails({ q: 'lovelace' })).toEqual(['ada@example.org']);
    expect(await emails({ q: '王' })).toEqual(['wang@example.com']);
    expect((await finding().list({ q: 'ada', limit: 1 })).total).toEqual({ value: 3, exact: true });
    expect(await emails({ topic: 'harbour' })).toEqual(['a_b@example.org']);
    expect(await emails({ digest: 'weekly', locale: 'en' })).toEqual([
      'back/slash@example.net',
      'zoe@example.net',
    ]);
    expect((await finding().list({ q: 'filler', limit: 2 })).total).toMatchObject({ exact: false });
    const repository = audience.module.get(ReaderSearchRepository);
    const wanted = { publicationId: audience.publicationId, words: ['lovelace'], attributes: [] };
    expect(await repository.find(wanted, { order: 'newest', limit: 5 })).toMatchObject({ total: 1 });
  });
});

onEachDatabase('counts of readers', (open) => {
  let audience: Audience;
  let counts: ReaderCountRepository;

  /** Counted each time, beside what is kept. */
  const recount = async () => {
    const counted = await audience.database.db.execute(sql`
      SELECT dimension, key, status, count(*)::int AS n FROM (
        SELECT 'status' AS dimension, '' AS key, status FROM subscriber
        UNION ALL SELECT 'locale', locale, status FROM subscriber
        UNION ALL SELECT 'source', source, status FROM subscriber
        UNION ALL SELECT 'digest', u.digest_id::text, s.status FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id
        UNION ALL SELECT 'topic', u.digest_id || '/' || t, s.status
          FROM subscription u JOIN subscriber s ON s.id = u.subscriber_id, unnest(u.topics) AS t) c
      GROUP BY 1, 2, 3`);
    const sorted = (rows: unknown[]) =>
      rows.map((row) => JSON.stringify(row, Object.keys(row as object).sort())).sort();
    expect(sorted(await counts.counts(audience.publicationId))).toEqual(sorted(rowsOf(counted)));
  };

  beforeAll(async () => {
    audience = await openAudience(await open());
    counts = audience.module.get(ReaderCountRepository);
  });

  it('are those of a recount, whatever happens', async () => {
    const daily = await addDigest(audience, 'daily');
    const weekly = await addDigest(audience, 'weekly', false);
    const topics = audience.get(TopicService);
    const [harbour, schools] = [
      await topics.create({ name: 'Harbour' }),
      await topics.create({ name: 'Schools' }),
    ];
    const subscribers = audience.get(SubscriberService);
    const signUps = audience.get(SignUpService);
    const both = [harbour.id, schools.id];
    const [a, b, c] = [
      await subscribers.create({
        email: 'a@example.org',
        status: 'active',
        consent: CONSENT,
        topics: both,
        digests: [daily, weekly],
      }),
      await subscribers.create({
        email: 'b@example.org',
        status: 'active',
        consent: CONSENT,
        topics: [schools.id],
      }),
      await subscribers.create({ email: 'c@example.org', status: 'pending', locale: 'de' }),
    ];
    await signUps.signUp({ email: 'd@example.org', terms: 'accepted', topics: both }, context());
    await recount();
    expect((await audience.get(ReaderCountsService).all()).readers).toMatchObject({
      active: 2,
      pending: 2,
      total: 4,
    });
    await signUps.signUp({ email: 'a@example.org', terms: 'accepted' }, context()); // nothing changes
    await signUps.signUp({ email: 'd@example.org', terms: 'accepted', digests: [weekly] }, context());
    await recount();
    await counts.fold(3);
    await recount();
    await subscribers.patch(a.id, { locale: 'pt', topics: [harbour.id], digests: [weekly] });
    await subscribers.patch(c.id, { status: 'active', consent: CONSENT });
    await audience.get(UnsubscribeService).leave(b.id, { ip: null, userAgent: null, method: 'page' });
    await recount();
    await topics.delete(schools.id);
    await recount();
    await subscribers.erase(a.id);
    await subscribers.erase(b.id);
    while ((await counts.fold(2)) > 0) await recount();
    await audience.database.transaction((tx) =>
      audience.module.get(SubscriptionRepository).endAllTo(tx, weekly),
    );
    await recount();
    const all = await audience.get(ReaderCountsService).all();
    expect(all).toMatchObject({ readers: { active: 1, pending: 1, unsubscribed: 0, total: 2 } });
    expect(all.digests.map(({ slug, total }) => [slug, total])).toEqual([
      ['daily', 1],
      ['weekly', 0],
    ]);
    expect(all.sources.map(({ source, total }) => [source, total]).sort()).toEqual([
      ['article', 1],
      ['operator', 1],
    ]);
  });

  it('stay right when a reader leaves while a digest is given to everybody', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `r${i}@example.net`);
    for (const email of ids)
      await audience.get(SubscriberService).create({ email, status: 'active', consent: CONSENT });
    const monthly = await addDigest(audience, 'monthly', false);
    const readers = await audience.get(FindReaders).list({ q: 'example.net', limit: 200 });
    const leaving = audience.get(UnsubscribeService);
    await Promise.all([
      audience.database.db.execute(sql`
        INSERT INTO subscription (subscriber_id, digest_id) SELECT id, ${monthly}::uuid FROM subscriber WHERE status = 'active'`),
      ...readers.data.map(({ id }) => leaving.leave(id, { ip: null, userAgent: null, method: 'page' })),
      counts.fold(10),
    ]);
    await recount();
  });
});
