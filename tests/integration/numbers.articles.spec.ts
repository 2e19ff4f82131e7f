import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { sql } from 'drizzle-orm';
import { countReturned } from '#audience/numbers/count-in-editions.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { SubscriberRepository } from '#audience/subscribers/subscriber.repository.js';
import { ArticleService } from '#content/articles/article.service.js';
import { topic } from '#database/schema/index.js';
import { ArticleStatsRepository } from '#feedback/numbers/article-stats.repository.js';
import { ComparisonRepository } from '#feedback/numbers/comparison.repository.js';
import { ComparisonService } from '#feedback/numbers/comparison.service.js';
import { FoldRepository } from '#feedback/numbers/fold.repository.js';
import { NumbersTick } from '#feedback/numbers/numbers.tick.js';
import { OldRowsRepository } from '#feedback/numbers/old-rows.repository.js';
import { RecountRepository } from '#feedback/numbers/recount.repository.js';
import { StatsRepository } from '#feedback/numbers/stats.repository.js';
import { StatsService } from '#feedback/numbers/stats.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, LEASE_MS, MINUTE, PostOffice } from './delivery.harness.js';
import {
  countedArticles,
  countedEditions,
  forgetNumbers,
  recountedArticles,
  recountedEditions,
  sumWhere,
} from './numbers.recount.js';

const NOT_STOPPED = { signal: new AbortController().signal };
const READERS = 24;

onEachDatabase('numbers of articles', (open) => {
  let office: PostOffice;
  let folds: FoldRepository;
  let recounts: RecountRepository;
  let stats: StatsService;
  let comparisons: ComparisonService;
  let tick: NumbersTick;
  beforeAll(async () => {
    office = await PostOffice.open(await open(), { peer: { script: (command) => script(command) } });
    const { database, clock } = office;
    const publications = office.get(PublicationService) as unknown as PublicationService;
    folds = new FoldRepository(database);
    recounts = new RecountRepository(database);
    stats = new StatsService(
      new StatsRepository(database),
      new ArticleStatsRepository(database),
      publications,
      clock,
    );
    comparisons = new ComparisonService(new ComparisonRepository(database), publications, clock);
    const subscribers = new SubscriberRepository(database);
    const measured = new MeasuredReaderRepository(database);
    tick = new NumbersTick(folds, recounts, new OldRowsRepository(database), subscribers, measured, clock);
  });
  afterAll(() => office.close());

  /** Every sixth reader is refused, every fourth put off the first time. */
  const putOff = new Set<string>();
  const script = ({ command, to }: { command: string; to: string }) => {
    if (command !== 'RCPT') return undefined;
    const number = Number(/^reader(\d+)/.exec(to)?.[1] ?? 0);
    if (number % 6 === 5) return '550 5.7.1 refused';
    if (number % 4 !== 3 || putOff.has(to)) return undefined;
    putOff.add(to);
    return '450 4.2.0 later';
  };

  const publicationId = async () => (await office.get(PublicationService).current()).id;
  const newTopic = async (name: string) => {
    const id = newId();
    await office.database.db
      .insert(topic)
      .values({ id, publicationId: await publicationId(), slug: `t-${id}`, name });
    return id;
  };
  const newArticle = async (title: string, topics: string[]) => {
    const input = { title, body: `About ${title}.`, format: 'text' as const, topics };
    return (await office.get(ArticleService).create(await publicationId(), input)).id;
  };

  /** A frozen edition of four articles: on the harbour, on the town, on both, on neither; readers chose one, both or all. */
  async function frozen() {
    const [harbour, town] = [await newTopic('Harbour'), await newTopic('Town')];
    const articles = [
      await newArticle('Quay', [harbour]),
      await newArticle('Market', [town]),
      await newArticle('Ferry', [harbour, town]),
      await newArticle('Weather', []),
    ];
    office.clock.advance(MINUTE);
    const of = Array.from({ length: READERS }, (_, at) => `reader${at}-${newId()}`);
    const { digestId, ids } = await office.audience(of);
    for (const [at, id] of Object.values(ids).entries()) {
      const topics = [[harbour], [town], [harbour, town], null][at % 4]!;
      await office.rows(
        sql`UPDATE subscription SET topics = ${topics && `{${topics.join(',')}}`}::uuid[] WHERE subscriber_id = ${id}`,
      );
    }
    const { id: editionId } = await office.editions.createDraft(digestId, { articleIds: articles });
    await office.editions.requestSend(editionId);
    await office.prepare(editionId);
    return { editionId, digestId, articles, harbour, town, ids: Object.values(ids) };
  }

  async function comeBack(editionId: string, ids: readonly string[]) {
    const { database, clock } = office;
    const now = clock.now();
    await database.transaction(async (tx) => {
      await tx.execute(sql`UPDATE delivery SET bounced_at = ${now.toISOString()}::timestamptz
        WHERE edition_id = ${editionId} AND subscriber_id IN (${sql.join(
          ids.map((id) => sql`${id}::uuid`),
          sql`, `,
        )})`);
      await countReturned(tx, { editionId, subscriberIds: ids, what: 'bounced', now });
    });
    await office.get(UnsubscribeService).leave(ids[0]!, {
      method: 'one-click',
      ip: null,
      userAgent: null,
      editionId,
    });
  }

  it('are those of the ledger, by edition and hour, sent, put off, refused, come back, taken back', async () => {
    const { editionId, articles, harbour, town, ids } = await frozen();
    const [{ variants } = { variants: 0 }] = await office.rows<{ variants: number }>(
      sql`SELECT count(DISTINCT variant_id)::int AS variants FROM delivery WHERE edition_id = ${editionId}`,
    );
    expect(variants).toBeGreaterThan(2);
    expect(await countedArticles(office)).toEqual(await recountedArticles(office));

    await office.deliver(editionId);
    expect(await countedArticles(office)).toEqual(await recountedArticles(office));
    // Some wait for another try; an article is taken out of theirs.
    const deferred = sumWhere(await countedArticles(office), editionId, articles[0]!)['deferred'];
    expect(deferred).toBeGreaterThan(0);
    office.clock.advance(HOUR);
    await office.get(ArticleService).retract(await publicationId(), articles[3]!);
    await office.deliver(editionId);
    await comeBack(editionId, ids.slice(0, 3));
    office.clock.advance(HOUR);
    const withoutDeferred = (counts: Awaited<ReturnType<typeof countedArticles>>) =>
      Object.fromEntries(Object.entries(counts).filter(([, { deferred: n }]) => n === 0));
    // Tries with the article in it were tries with it, though the last one was without.
    const ledger = await recountedArticles(office);
    expect(withoutDeferred(await countedArticles(office))).toEqual(withoutDeferred(ledger));

    const answers = () =>
      Promise.all([
        ...articles.flatMap((id) =>
          (['edition', 'hour', 'day'] as const).map((by) => stats.article(id, { by })),
        ),
        ...[harbour, town].flatMap((id) =>
          (['article', 'edition', 'hour'] as const).map((by) => stats.topic(id, { by })),
        ),
        comparisons.compare('articles', { order: 'newest', limit: 4 }),
        comparisons.compare('topics', { order: 'newest', limit: 2 }),
        comparisons.compare('editions', { order: 'newest', limit: 1 }),
      ]);
    const before = await answers();
    for (let fold = 0; fold < 3; fold++) await Promise.all([folds.foldArticles(1), folds.foldArticles(1)]);
    expect(await answers()).toEqual(before);
    await Promise.all([tick.run(NOT_STOPPED), tick.run(NOT_STOPPED)]);
    expect(await office.rows('SELECT 1 FROM article_number_delta')).toEqual([]);
    expect(await answers()).toEqual(before);
    expect(withoutDeferred(await countedArticles(office, { folded: true }))).toEqual(withoutDeferred(ledger));

    const numbers = (id: string) => sumWhere(ledger, editionId, id);
    for (const id of articles.slice(0, 3)) {
      expect((await stats.article(id, { by: 'edition' })).total).toMatchObject(numbers(id));
    }
    const { total } = await stats.topic(harbour, { by: 'article' });
    const [quay, ferry] = [numbers(articles[0]!), numbers(articles[2]!)];
    expect(total.accepted).toBe(quay['accepted']! + ferry['accepted']!);
    expect(total.bounced).toBe(quay['bounced']! + ferry['bounced']!);
    expect(total.unsubscribed).toBeGreaterThan(0);
  });

  it('count what was written only, when a claim has lost some of its rows', async () => {
    const { editionId, articles } = await frozen();
    const { repository, clock } = office;
    const now = clock.now();
    const token = newId();
    const rows = await repository.claimDue(editionId, 0, 6, token, LEASE_MS, now);
    const contents = await repository.variantsOf(rows.map(({ variantId }) => variantId));
    const ended = rows.map(({ subscriberId: id, variantId }) => ({
      id,
      outcome: { status: 'accepted' as const, tried: true, code: 250, reply: '250 ok' },
      articleIds: contents.find((one) => one.id === variantId)!.articleIds,
    }));
    await office.rows(sql`UPDATE delivery SET lease_token = ${newId()} WHERE edition_id = ${editionId}
      AND subscriber_id IN (${rows[0]!.subscriberId}, ${rows[1]!.subscriberId})`);
    expect(await repository.recordOutcomes(editionId, token, ended, now)).toBe(4);
    const ledger = await recountedArticles(office);
    expect(sumWhere(await countedArticles(office), editionId)).toEqual(sumWhere(ledger, editionId));
    for (const id of articles)
      expect(sumWhere(await countedArticles(office), editionId, id)).toEqual(sumWhere(ledger, editionId, id));
    await office.endLeases();
    await office.recover();
  });

  it.each([
    ['nothing', { ofEditions: true }],
    ['its articles', { ofEditions: false }],
  ])('are counted from the ledger, once, of an edition of which %s was counted', async (_what, forgotten) => {
    const { editionId, articles, ids } = await frozen();
    await office.deliver(editionId);
    await comeBack(editionId, ids.slice(4, 8));
    // Not yet: it goes out, perhaps by a worker that does not count articles.
    await forgetNumbers(office, editionId, forgotten);
    await tick.run(NOT_STOPPED);
    expect(sumWhere(await countedArticles(office), editionId)['frozen']).toBe(0);

    office.clock.advance(HOUR);
    await office.deliver(editionId); // what was put off: this is counted as it happens
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    await comeBack(editionId, ids.slice(8, 10));
    expect(sumWhere(await countedArticles(office), editionId)['accepted']).toBeGreaterThan(0);
    await Promise.all([tick.run(NOT_STOPPED), recounts.recountNext(), recounts.recountNext()]);
    await tick.run(NOT_STOPPED);
    const of = (counts: object) =>
      Object.fromEntries(Object.entries(counts).filter(([key]) => key.startsWith(editionId)));
    expect(of(await countedArticles(office))).toEqual(of(await recountedArticles(office)));
    expect(of(await countedEditions(office))).toEqual(of(await recountedEditions(office)));
    expect(await recounts.recountNext()).toBe(false);
    expect((await stats.article(articles[2]!, { by: 'hour' })).total).toMatchObject(
      sumWhere(await recountedArticles(office), editionId, articles[2]!),
    );
  });

  it('stand beside each other, most clicked first where that is wanted', async () => {
    const { editionId, articles } = await frozen();
    const hour = office.clock.now().toISOString();
    for (const [number, articleId] of articles.entries()) {
      await office.rows(sql`INSERT INTO edition_link (edition_id, number, url, article_id)
        VALUES (${editionId}, ${100 + number}, 'https://harbour.example/', ${articleId})`);
      await office.rows(sql`INSERT INTO link_clicks (edition_id, number, hour, people, scanners)
        VALUES (${editionId}, ${100 + number}, date_trunc('hour', ${hour}::timestamptz), ${[7, 900, 9, 8][number]}, 1)`);
    }
    office.clock.advance(HOUR);
    const range = { from: new Date(Date.parse(hour) - HOUR), to: office.clock.now() };
    const query = { ...range, order: 'clicks' as const, limit: 3 };
    const { data, total } = await comparisons.compare('articles', query);
    expect(data.map(({ name }) => name)).toEqual(['Market', 'Ferry', 'Weather']);
    expect(data[0]).toMatchObject({ key: articles[1], clicks: { people: 900, scanners: 1 } });
    expect(total.clicks).toEqual({ people: 917, scanners: 3, margin: 30, withScanners: 920 });
    expect(total.frozen).toBe(data.reduce((sum, { frozen: n }) => sum + n, 0));
    const [first] = (await comparisons.compare('topics', { ...query, limit: 1 })).data;
    expect(first).toMatchObject({ name: 'Town', clicks: { people: 909, scanners: 2 } });
    const newest = await comparisons.compare('editions', { ...range, order: 'newest', limit: 1 });
    expect(newest.data).toMatchObject([{ key: editionId, frozen: READERS }]);
    const later = { from: new Date(range.to.getTime() + HOUR), to: new Date(range.to.getTime() + 2 * HOUR) };
    expect((await comparisons.compare('articles', { ...query, ...later })).data).toEqual([]);
  });
});
