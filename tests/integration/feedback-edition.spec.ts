import { sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication/publication.service.js';
import { ArticleService } from '#content/articles/article.service.js';
import type { Database } from '#database/database.js';
import { ActingModule } from '#feedback/acting/acting.module.js';
import { IngestService } from '#feedback/acting/ingest.service.js';
import { onEachDatabase } from '../support/databases.js';
import {
  bounceMail,
  complaintMail,
  eximBounce,
  exchangeBounce,
  gmailBounce,
  holidayNote,
  qmailBounce,
  sendmailBounce,
  type BounceOptions,
} from '../support/returned-mail.js';
import { FoldRepository } from '#feedback/numbers/fold.repository.js';
import { NumbersModule } from '#feedback/numbers/numbers.module.js';
import { StatsService } from '#feedback/numbers/stats.service.js';
import { ComparisonService } from '#feedback/numbers/comparison.service.js';
import { topic } from '#database/schema/index.js';
import { newId } from '#kernel/ids.js';
import { HOUR, MINUTE, PostOffice } from './delivery.harness.js';
import {
  countedArticles,
  countedEditions,
  recountedArticles,
  recountedEditions,
  sumWhere,
} from './numbers.recount.js';

const BOUNCES = 'bounces@news.harbour.example';
const READERS = 2_000;
const DIALECTS: ((options: BounceOptions) => Buffer)[] = [
  bounceMail,
  eximBounce,
  qmailBounce,
  exchangeBounce,
  sendmailBounce,
  gmailBounce,
];
/** What comes back, and of how many. */
const PLAN = { hard: 120, soft: 50, blocked: 30, complaint: 5, away: 50 };
const SAID = {
  hard: ['5.1.1', '550 5.1.1 No such user here'],
  soft: ['5.2.2', '552 5.2.2 The mailbox is over its quota'],
  blocked: ['5.7.1', '550 5.7.1 Message refused: poor reputation of the sending address'],
} as const;

onEachDatabase('an edition to two thousand of which some comes back', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
    office = await PostOffice.open(database, {
      modules: [ActingModule, NumbersModule],
      config: { bounceAddress: BOUNCES },
    });
  });
  afterAll(() => office.close());

  /** A request to send three stories: one on each of two topics, one on both. */
  async function requested(digestId: string, [harbour, town]: readonly [string, string]) {
    const { id: publicationId } = await office.get(PublicationService).current();
    const articles: string[] = [];
    for (const topics of [[harbour], [town], [harbour, town]]) {
      const input = {
        title: `Story ${articles.length}`,
        body: 'Whole text.',
        format: 'text' as const,
        topics,
      };
      articles.push((await office.get(ArticleService).create(publicationId, input)).id);
    }
    office.clock.advance(MINUTE);
    const { id: editionId } = await office.editions.createDraft(digestId, { articleIds: articles });
    await office.editions.requestSend(editionId);
    await office.prepare(editionId);
    return { editionId, articles };
  }

  async function twoTopics(): Promise<[string, string]> {
    const { id: publicationId } = await office.get(PublicationService).current();
    const ids: [string, string] = [newId(), newId()];
    for (const id of ids)
      await office.database.db.insert(topic).values({ id, publicationId, slug: `t-${id}`, name: `On ${id}` });
    return ids;
  }

  it('readers, suppressions, the ledger and the numbers are exactly as planned, and the next edition skips whom it should', async () => {
    const elsewhere = `quay.${office.domain}`;
    const names = Array.from({ length: READERS }, (_, at) =>
      at % 3 === 0 ? `r${at}@${elsewhere}` : `r${at}`,
    );
    await office.rows(sql`INSERT INTO mail_domain (domain, provider, looked_up_at) VALUES
      (${office.domain}, 'harbour-mail', now()), (${elsewhere}, 'quay-mail', now())`);
    const topics = await twoTopics();
    const { digestId, ids } = await office.audience(names);
    await office.rows(sql`UPDATE subscription u SET topics = CASE get_byte(uuid_send(subscriber_id), 15) % 3
        WHEN 0 THEN ARRAY[${topics[0]}::uuid] WHEN 1 THEN ARRAY[${topics[1]}::uuid] END WHERE digest_id = ${digestId}`);
    const { editionId, articles } = await requested(digestId, topics);
    for (const batch of [0, 1]) await office.deliver(editionId, batch);
    expect(await office.tally(editionId)).toEqual({ accepted: READERS });
    const paths = new Map(office.peer.accepted.map(({ from, to }) => [to[0], from]));
    const lots = lotsOf(names);

    const mails: Buffer[] = [];
    for (const its of ['hard', 'soft', 'blocked'] as const) {
      const [status, said] = SAID[its];
      for (const [at, name] of lots[its].entries()) {
        const recipient = office.address(name);
        const write = DIALECTS[at % DIALECTS.length]!;
        mails.push(write({ to: paths.get(recipient)!, recipient, status, said, mark: markOf(name) }));
      }
    }
    for (const name of lots.complaint) {
      const returnPath = paths.get(office.address(name))!;
      mails.push(complaintMail({ to: 'complaints@harbour.example', returnPath, mark: markOf(name) }));
    }
    for (const [at, name] of lots.away.entries()) {
      const from = office.address(name);
      mails.push(holidayNote({ to: paths.get(from)!, from, isMarked: at % 2 === 0, mark: markOf(name) }));
    }
    const made = await office.get(IngestService).ingestAll(mails.map((raw) => ({ raw, way: 'smtp' })));
    expect(made.filter(({ status }) => status === 'rejected')).toEqual([]);

    const idsOf = (lot: readonly string[]) => lot.map((name) => ids[name]!).sort();
    const ofEdition = sql`SELECT subscriber_id FROM delivery WHERE edition_id = ${editionId}`;
    const statusOf = (status: string) =>
      found(sql`SELECT id FROM subscriber WHERE status = ${status} AND id IN (${ofEdition})`);
    expect(await statusOf('bounced')).toEqual(idsOf(lots.hard));
    expect(await statusOf('complained')).toEqual(idsOf(lots.complaint));
    expect(await statusOf('active')).toHaveLength(READERS - PLAN.hard - PLAN.complaint);
    const suppressedFor = (reason: string) =>
      found(sql`SELECT s.id FROM subscriber s JOIN suppression p ON p.address_hmac = s.address_hmac
        WHERE p.reason = ${reason} AND s.id IN (${ofEdition})`);
    expect(await suppressedFor('hard_bounce')).toEqual(idsOf(lots.hard));
    expect(await suppressedFor('complaint')).toEqual(idsOf(lots.complaint));
    const eventsOf = (its: string) =>
      found(
        sql`SELECT subscriber_id AS id FROM feedback_event WHERE edition_id = ${editionId} AND class = ${its}`,
      );
    for (const its of ['hard', 'soft', 'blocked'] as const)
      expect(await eventsOf(its)).toEqual(idsOf(lots[its]));
    expect(
      await found(
        sql`SELECT subscriber_id AS id FROM delivery WHERE edition_id = ${editionId} AND bounced_at IS NOT NULL`,
      ),
    ).toEqual(idsOf([...lots.hard, ...lots.soft, ...lots.blocked]));
    expect(await office.tally(editionId)).toEqual({ accepted: READERS }); // I1: they were accepted

    office.clock.advance(HOUR);
    const { editionId: next } = await requested(digestId, topics);
    for (const batch of [0, 1]) await office.deliver(next, batch);
    const skipped = new Set([...lots.hard, ...lots.complaint]);
    const expected = names.filter((name) => !skipped.has(name));
    expect(
      await found(
        sql`SELECT subscriber_id AS id FROM delivery WHERE edition_id = ${next} AND status = 'accepted'`,
      ),
    ).toEqual(idsOf(expected));
    await sameAsTheLedger({ editions: [editionId, next], digestId, topics, articles });
  }, 120_000);

  /** Whatever asks for numbers is told what the ledger says, counted here by other statements; folded or not. */
  async function sameAsTheLedger(of: {
    editions: readonly [string, string];
    digestId: string;
    topics: readonly string[];
    articles: readonly string[];
  }) {
    const ledger = await recountedEditions(office);
    const inArticles = await recountedArticles(office);
    const [first] = of.editions;
    expect(sumWhere(ledger, first)).toEqual({
      frozen: READERS,
      accepted: READERS,
      deferred: 0,
      failed: 0,
      bounced: PLAN.hard + PLAN.soft + PLAN.blocked,
      complained: PLAN.complaint,
      unsubscribed: 0,
    });
    const stats = office.get(StatsService);
    const compare = (what: 'articles' | 'topics' | 'editions') =>
      office.get(ComparisonService).compare(what, { order: 'newest', limit: 500 });
    for (const folded of [false, true]) {
      if (folded) {
        await office.get(FoldRepository).foldEditions(10_000);
        await office.get(FoldRepository).foldArticles(10_000);
        await office.get(FoldRepository).foldAudience(10_000);
      }
      expect(await countedEditions(office, { folded })).toEqual(ledger);
      expect(await countedArticles(office, { folded })).toEqual(inArticles);
      office.clock.advance(HOUR);

      for (const id of of.editions) {
        const { data, total } = await stats.edition(id, { by: 'provider' });
        expect(total).toMatchObject(sumWhere(ledger, id));
        expect(data).toMatchObject(
          ['harbour-mail', 'quay-mail'].map((key) => ({ key, ...sumWhere(ledger, id, key) })),
        );
        expect((await stats.edition(id, { by: 'hour' })).total).toEqual(total);
      }
      expect((await stats.digest(of.digestId, { by: 'edition' })).total).toMatchObject(sumWhere(ledger));
      expect((await stats.providers({ by: 'day' })).total).toMatchObject(sumWhere(ledger));
      expect((await compare('editions')).total).toMatchObject(sumWhere(ledger));

      for (const id of of.articles)
        expect((await stats.article(id, { by: 'hour' })).total).toMatchObject(sumWhere(inArticles, id));
      const compared = await compare('articles');
      for (const { key, ...numbers } of compared.data)
        expect(numbers).toMatchObject(sumWhere(inArticles, key));
      expect(compared.total).toMatchObject(sumWhere(inArticles));
      for (const id of of.topics) {
        const onIt = await found(sql`SELECT article_id AS id FROM article_topic WHERE topic_id = ${id}`);
        const { data } = await stats.topic(id, { by: 'article' });
        expect(data).toMatchObject(onIt.map((key) => ({ key, ...sumWhere(inArticles, key) })));
      }

      const [standing] = await office.rows<object>(sql`
        SELECT (count(*) FILTER (WHERE status = 'bounced'))::int AS bounced,
          (count(*) FILTER (WHERE status = 'complained'))::int AS complained,
          (count(*) FILTER (WHERE status = 'unsubscribed'))::int AS left FROM subscriber`);
      expect((await stats.audience({ by: 'source' })).total).toMatchObject(standing!);
    }
  }

  const found = async (query: ReturnType<typeof sql>) =>
    (await office.rows<{ id: string }>(query)).map(({ id }) => id).sort();
});

/** Part of a Message-ID. */
const markOf = (name: string) => name.replace('@', '.');

/** Different readers for each, spread over the list. */
function lotsOf(names: readonly string[]): Record<keyof typeof PLAN, string[]> {
  const spread = names.map((_, at) => names[(at * 37) % names.length]!);
  let from = 0;
  const take = (count: number) => spread.slice(from, (from += count));
  return {
    hard: take(PLAN.hard),
    soft: take(PLAN.soft),
    blocked: take(PLAN.blocked),
    complaint: take(PLAN.complaint),
    away: take(PLAN.away),
  };
}
