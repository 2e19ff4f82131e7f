import { eq } from 'drizzle-orm';
import { article, articleTopic, delivery, digest, edition, subscription } from '#database/schema/index.js';
import { ExplainService } from '#digest/explain/explain.service.js';
import type { ReaderCode } from '#digest/explain/due.js';
import type { Verdict } from '#digest/explain/verdicts.js';
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
  type ReaderOf,
  type Staged,
} from './selection.harness.js';

const news = anArticle(-60);
const reached = (at: number, articles: number[] = []) =>
  aPast(at, { articles, got: [{ reader: 0, articles, status: 'accepted' }] });
const slot = (at: number, previousAt: number | null = at - DAYS, local = false) => ({
  at,
  previousAt,
  local,
});

onEachDatabase('explaining', (open) => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open(await open());
  });

  async function explain(staged: Staged, reader = 0) {
    const query = { subscriberId: staged.readers[reader]! };
    const answer = await theatre.room.get(ExplainService).explain(staged.editionId, query);
    expect(JSON.stringify(answer)).not.toContain('@');
    const verdicts = new Map(
      answer.articles.map(({ id, verdict }) => [staged.articles.indexOf(id), verdict]),
    );
    return {
      ...answer,
      verdicts: Object.fromEntries(verdicts),
      about: (n: number) => answer.articles.find(({ id }) => id === staged.articles[n])!,
    };
  }

  it('says of every article why, before and after', async () => {
    const articles = [
      anArticle(-10, { topics: [0] }),
      anArticle(-20, { topics: [0] }),
      anArticle(-30, { topics: [1] }),
      anArticle(-40, { topics: [0] }),
      anArticle(-3 * DAYS, { topics: [0] }),
      anArticle(-50, { topics: [0], embargoUntil: 60 }),
      anArticle(-50, { topics: [0], retracted: true }),
      anArticle(-50, { topics: [0], draft: true }),
      anArticle(-50, { topics: [0] }),
      anArticle(-50, { topics: [2] }),
      anArticle(-15 * DAYS, { topics: [0] }),
      anArticle(60, { topics: [0], releasedAt: -5 }),
    ];
    const past = [
      reached(-2 * DAYS, [4].slice(1)),
      aPast(-35, {
        own: false,
        kind: 'alert',
        selection: 'list',
        articles: [3],
        got: [{ reader: 0, articles: [3], status: 'accepted' }],
      }),
    ];
    past[0] = { ...past[0]!, articles: [4] };
    const staged = await theatre.stage(
      aScene({
        articles,
        past,
        readers: [aReader({ topics: [0] })],
        digest: { maxArticles: 1, topics: [0, 1], excluded: [8] },
      }),
    );
    const others: Record<number, Verdict> = {
      1: 'over_maximum',
      2: 'not_on_chosen_topics',
      3: 'had_before',
      4: 'not_new',
      5: 'embargoed',
      6: 'retracted',
      7: 'draft',
      8: 'excluded',
      9: 'not_on_digest_topics',
      10: 'too_old',
    };
    const before = await explain(staged);
    expect(before.verdicts).toEqual({ 0: 'would_send', ...others, 11: 'not_published' });
    expect(before).toMatchObject({
      frozen: false,
      sent: false,
      wave: null,
      delivery: null,
      reader: { due: true },
    });
    expect(before.about(2).reason).toBe('It is on Topic 1; the reader chose Topic 0.');
    expect(before.about(3)).toMatchObject({ edition: { kind: 'alert', slug: 'past-1' } });
    expect(before.about(3).reason).toMatch(/in the alert past-1 of 2027-01-13 11:25 UTC/);
    expect(before.about(4)).toMatchObject({ edition: { slug: 'past-0', kind: 'regular' } });
    expect(before.about(5).until).toEqual(new Date(NOON + 60 * 60_000));

    await theatre.play(staged);
    const { db } = theatre.room.database;
    await db
      .update(delivery)
      .set({ status: 'accepted', acceptedAt: new Date(NOON + 1000) })
      .where(eq(delivery.editionId, staged.editionId));
    theatre.room.clock.advance(2 * HOURS * 60_000);
    const late = newId();
    const base = { source: 'x', format: 'text' as const, html: 'x', text: 'x', summary: 'x', title: 'Late' };
    const now = theatre.room.clock.now();
    await db.insert(article).values({
      ...base,
      id: late,
      publicationId: theatre.room.publicationId,
      slug: 'late',
      publishedAt: now,
      releasedAt: now,
      createdAt: now,
    });
    const after = await explain(staged);
    expect(after.verdicts).toEqual({ 0: 'sent', ...others, 11: 'not_published', [-1]: 'arrived_later' });
    expect(after).toMatchObject({ frozen: true, sent: true, wave: 0, delivery: { status: 'accepted' } });

    // What happened wins over what is chosen since.
    await db.update(subscription).set({ topics: [staged.topics[1]!] });
    const changed = await explain(staged);
    expect(changed.verdicts[0]).toBe('sent');
    expect(changed.about(0).reason).toMatch(
      /would not be chosen: It is on Topic 0; the reader chose Topic 1/,
    );
    expect(changed.verdicts[2]).toBe('over_maximum');
    await db.delete(articleTopic).where(eq(articleTopic.articleId, staged.articles[2]!));
    await db.update(digest).set({ topics: [staged.topics[3]!] });
    expect((await explain(staged)).verdicts[0]).toBe('sent');
  });

  it.each<[ReaderCode, Partial<ReaderOf>, Parameters<typeof aScene>[0], RegExp]>([
    ['not_active', { status: 'unsubscribed' }, {}, /is unsubscribed/],
    ['suppressed', { suppressed: true }, {}, /suppressed/],
    ['not_subscribed', { subscribed: false }, {}, /not subscribed/],
    ['paused', { pausedUntil: '2027-01-20' }, {}, /until 2027-01-20/],
    ['daily', { cadence: 'daily' }, { past: [reached(-120)] }, /one edition a day/],
    [
      'weekly',
      { cadence: 'weekly', weekday: 7 },
      { edition: { slot: slot(-10) } },
      /weekly, on Sunday; this edition is for Wednesday/,
    ],
    ['weekly', { cadence: 'weekly' }, { past: [reached(-DAYS)] }, /had one on 2027-01-12/],
    ['breaking_only', { cadence: 'breaking' }, {}, /breaking news only/],
    [
      'no_alerts',
      {},
      { edition: { kind: 'alert', selection: 'list', articles: [0] } },
      /not asked for alerts/,
    ],
    ['nothing_new', {}, { past: [reached(-10, [0])] }, /Nothing in it is new/],
    ['too_few', {}, { digest: { minArticles: 2 } }, /Only 1 of its articles/],
  ])('says that a reader gets none: %s', async (code, reader, parts, words) => {
    const readers = [aReader(reader), aReader({ alerts: true, cadence: 'every' })];
    const staged = await theatre.stage(
      aScene({ articles: [news, anArticle(-9 * DAYS, { retracted: true })], ...parts, readers }),
    );
    const check = async (frozen: boolean) => {
      const answer = await explain(staged);
      expect(answer).toMatchObject({ frozen, sent: false, delivery: null, reader: { code, due: false } });
      expect(answer.reader.reason).toMatch(words);
      expect(['no_mail', 'had_before']).toContain(answer.verdicts[0]);
    };
    await check(false);
    await theatre.play(staged);
    await check(true);
  });

  it('knows the day on which it may be otherwise', async () => {
    const readers = [aReader({ cadence: 'weekly', weekday: 7 })];
    const staged = await theatre.stage(aScene({ articles: [news], readers, edition: { slot: slot(-10) } }));
    expect((await explain(staged)).reader.next).toBe('2027-01-17');
  });

  it('says when the time of a reader comes, and what came too late', async () => {
    const readers = [aReader({ zone: 'America/Los_Angeles' }), aReader()];
    const staged = await theatre.stage(
      aScene({ articles: [news], readers, edition: { slot: slot(0, null, true) } }),
    );
    await theatre.play(staged);
    expect(await explain(staged)).toMatchObject({
      frozen: false,
      at: new Date(NOON + 8 * HOURS * 60_000),
      reader: { code: 'hour', due: true },
      articles: [{ verdict: 'would_send' }],
    });
    const { db } = theatre.room.database;
    await db.delete(delivery).where(eq(delivery.subscriberId, staged.readers[1]!));
    await db
      .update(subscription)
      .set({ createdAt: new Date(NOON + 60_000) })
      .where(eq(subscription.subscriberId, staged.readers[1]!));
    expect((await explain(staged, 1)).reader.code).toBe('signed_up_later');
    await db.update(edition).set({ nextWaveAt: null, status: 'sent' });
    expect((await explain(staged)).reader.code).toBe('missed');
  });

  it('knows neither editions nor readers that are not there', async () => {
    const staged = await theatre.stage(aScene({ articles: [news] }));
    const service = theatre.room.get(ExplainService);
    await expect(service.explain(newId(), { subscriberId: staged.readers[0] })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(service.explain(staged.editionId, { subscriberId: newId() })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(service.explain(staged.editionId, { subscriberId: 'x' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(service.explain(staged.editionId, {})).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
