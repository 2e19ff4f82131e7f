import { sql } from 'drizzle-orm';
import { countReturned } from '#audience/numbers/count-in-editions.js';
import { fullHour } from '#audience/numbers/full-hour.js';
import { PublicationService } from '#audience/publication/publication.service.js';
import { SubscriberService } from '#audience/operator/subscriber.service.js';
import { UnsubscribeService } from '#audience/reader/unsubscribe.service.js';
import { MeasuredReaderRepository } from '#audience/measurement/measured-reader.repository.js';
import { SubscriberRepository } from '#audience/subscribers/subscriber.repository.js';
import { MailDomainRepository } from '#delivery/providers/mail-domain.repository.js';
import { MailDomainsTick } from '#delivery/providers/mail-domains.tick.js';
import { MailExchanges } from '#delivery/providers/mail-exchanges.js';
import type { Outcome } from '#delivery/outcomes/outcome.js';
import { ArticleStatsRepository } from '#feedback/numbers/article-stats.repository.js';
import { ClickRepository } from '#feedback/clicks/click.repository.js';
import { FoldRepository } from '#feedback/numbers/fold.repository.js';
import { NumbersTick } from '#feedback/numbers/numbers.tick.js';
import { OldRowsRepository } from '#feedback/numbers/old-rows.repository.js';
import { RecountRepository } from '#feedback/numbers/recount.repository.js';
import { StatsRepository } from '#feedback/numbers/stats.repository.js';
import { StatsService } from '#feedback/numbers/stats.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { HOUR, LEASE_MS, MINUTE, PostOffice } from './delivery.harness.js';

const NOT_STOPPED = { signal: new AbortController().signal };
const DAY = 24 * HOUR;

/** A dice that always falls the same way: mulberry32. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** DNS as the test has it. */
class Written extends MailExchanges {
  readonly asked: string[] = [];
  records: Record<string, string | Error> = {};

  override of(domain: string) {
    this.asked.push(domain);
    const found = this.records[domain];
    if (found === undefined || found instanceof Error) return Promise.reject(found ?? new Error('ENOTFOUND'));
    return Promise.resolve([{ exchange: found, priority: 10 }]);
  }
}

onEachDatabase('numbers', (open) => {
  let office: PostOffice;
  let folds: FoldRepository;
  let stats: StatsService;
  let tick: NumbersTick;
  let dns: Written;
  let domains: MailDomainsTick;
  beforeAll(async () => {
    office = await PostOffice.open(await open());
    const { database, clock } = office;
    folds = new FoldRepository(database);
    const publications = office.get(PublicationService) as unknown as PublicationService;
    stats = new StatsService(
      new StatsRepository(database),
      new ArticleStatsRepository(database),
      publications,
      clock,
    );
    tick = new NumbersTick(
      folds,
      new RecountRepository(database),
      new OldRowsRepository(database),
      new SubscriberRepository(database),
      new MeasuredReaderRepository(database),
      clock,
    );
    dns = new Written();
    domains = new MailDomainsTick(new MailDomainRepository(database), dns, clock);
  });
  afterAll(() => office.close());

  const inOneTable = (rows: readonly { key: string }[]) =>
    Object.fromEntries(rows.map(({ key, ...numbers }) => [key, numbers]));
  const sums = `sum(frozen)::int AS frozen, sum(accepted)::int AS accepted, sum(failed)::int AS failed, sum(deferred)::int AS deferred,
    sum(bounced)::int AS bounced, sum(complained)::int AS complained, sum(unsubscribed)::int AS unsubscribed`;
  const columns =
    'edition_id, provider, hour, frozen, accepted, deferred, failed, bounced, complained, unsubscribed';
  /** By edition, provider and hour, of what is not zero. */
  const counted = async (withDeltas = true) => {
    const parts = `SELECT ${columns} FROM edition_number ${withDeltas ? `UNION ALL SELECT ${columns} FROM edition_number_delta` : ''}`;
    return inOneTable(
      await office.rows(`
      SELECT concat_ws(' ', edition_id, provider, to_char(hour AT TIME ZONE 'UTC', 'MM-DD HH24')) AS key, ${sums}
      FROM (${parts}) n GROUP BY 1`),
    );
  };
  /** The same from the ledger and the events; of deferrals the ledger does not know the hour. */
  const recounted = async () => {
    const of = (what: string, from: string, at: string) => `
      SELECT edition_id, subscriber_id, '${what}' AS what, date_trunc('hour', ${at} AT TIME ZONE 'UTC') AS hour FROM ${from}`;
    const firstOf = (type: string) => `(
      SELECT edition_id, subscriber_id, min(at) AS at FROM feedback_event
      WHERE type = '${type}' AND edition_id IS NOT NULL GROUP BY 1, 2) e`;
    const facts = [
      of('frozen', 'delivery JOIN edition_wave w USING (edition_id, wave)', 'frozen_at'),
      of('accepted', "delivery WHERE status = 'accepted'", 'accepted_at'),
      of('failed', "delivery WHERE status IN ('failed', 'expired')", 'updated_at'),
      of('bounced', 'delivery WHERE bounced_at IS NOT NULL', 'bounced_at'),
      of('complained', firstOf('complaint'), 'at'),
      of('unsubscribed', firstOf('unsubscribe'), 'at'),
    ];
    const names = ['frozen', 'accepted', 'failed', 'bounced', 'complained', 'unsubscribed'];
    const filters = names
      .map((name) => `(count(*) FILTER (WHERE what = '${name}'))::int AS ${name}`)
      .join(', ');
    return inOneTable(
      await office.rows(`
      SELECT concat_ws(' ', f.edition_id, coalesce(m.provider, 'other'), to_char(f.hour, 'MM-DD HH24')) AS key, ${filters}
      FROM (${facts.join(' UNION ALL ')}) f LEFT JOIN subscriber s ON s.id = f.subscriber_id
      LEFT JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2) GROUP BY 1`),
    );
  };
  const deferredByLedger = async () =>
    inOneTable(
      await office.rows(`
      SELECT concat_ws(' ', d.edition_id, coalesce(m.provider, 'other')) AS key,
        (sum(d.attempts) - count(*) FILTER (WHERE d.status IN ('accepted', 'failed', 'uncertain')))::int AS deferred
      FROM delivery d LEFT JOIN subscriber s ON s.id = d.subscriber_id
      LEFT JOIN mail_domain m ON m.domain = split_part(s.email_normalised, '@', 2) GROUP BY 1`),
    );
  const deferredByNumbers = async () =>
    inOneTable(
      await office.rows(`
      SELECT concat_ws(' ', edition_id, provider) AS key, sum(deferred)::int AS deferred FROM (
        SELECT edition_id, provider, deferred FROM edition_number
        UNION ALL SELECT edition_id, provider, deferred FROM edition_number_delta) n GROUP BY 1`),
    );
  const comeBack = (id: string) =>
    office.rows(sql`UPDATE subscriber SET status = 'active' WHERE id = ${id} AND status = 'unsubscribed'`);
  const withoutDeferred = (table: Record<string, object>) =>
    Object.fromEntries(
      Object.entries(table).flatMap(([key, numbers]) => {
        const { deferred: _, ...rest } = numbers as Record<string, number>;
        return Object.values(rest).some((n) => n !== 0) ? [[key, rest]] : [];
      }),
    );

  it('are those of the ledger, by edition, provider and hour, whatever is folded in between', async () => {
    const random = dice(11);
    const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)]!;
    const hosts = ['gmail.com', 'hotmail.fr', 'quay.de', 'unheard-of.de', 'harbour.example'];
    dns.records = { 'quay.de': 'mx1.quay-mail.co.uk', 'unheard-of.de': new Error('ESERVFAIL') };
    const frozen = async (edition: number) => {
      const of = Array.from({ length: 60 }, (_, at) => `reader${edition}-${at}@${pick(hosts)}`);
      const { digestId, ids } = await office.audience(of);
      await domains.run(NOT_STOPPED);
      const editionId = await office.requested(digestId);
      await office.prepare(editionId);
      return { editionId, ids: Object.values(ids) };
    };
    const editions = [await frozen(0), await frozen(1), await frozen(2)];
    expect(new Set(dns.asked)).toEqual(new Set(['quay.de', 'unheard-of.de']));

    const { repository, clock, database } = office;
    const outcomes: ((now: Date) => Outcome)[] = [
      () => ({ status: 'accepted', tried: true, code: 250, reply: '250 ok' }),
      () => ({ status: 'accepted', tried: true, code: 250, reply: '250 ok' }),
      () => ({ status: 'failed', tried: true, code: 554, reply: '554 no' }),
      () => ({ status: 'failed', tried: true, hardBounce: true, code: 550, reply: '550 5.1.1 unknown' }),
      () => ({ status: 'uncertain', tried: true, code: null, reply: 'broke off' }),
      () => ({ status: 'expired', tried: true, code: 451, reply: '451 later' }),
      (now) => ({ status: 'queued', tried: true, dueAt: now, code: 451, reply: '451 later' }),
      (now) => ({ status: 'queued', tried: true, inDoubt: true, dueAt: now, code: null, reply: 'died' }),
      (now) => ({ status: 'queued', tried: false, dueAt: now, code: null, reply: '' }),
    ];
    const came = new Set<string>();
    const complained = new Set<string>();
    const steps: (() => Promise<unknown>)[] = [
      async () => {
        const { editionId } = pick(editions);
        const [token, now] = [newId(), clock.now()];
        const claimed = await repository.claimDue(
          editionId,
          0,
          1 + Math.floor(random() * 12),
          token,
          LEASE_MS,
          now,
        );
        const ended = claimed.map(({ subscriberId: id }) => ({ id, outcome: pick(outcomes)(now) }));
        await repository.recordOutcomes(editionId, token, ended, now);
        // A second time nothing is ours any more.
        expect(await repository.recordOutcomes(editionId, token, ended, now)).toBe(0);
      },
      async () => {
        const { editionId, ids } = pick(editions);
        const id = pick(ids);
        await office.get(UnsubscribeService).leave(id, {
          method: 'one-click',
          ip: null,
          userAgent: null,
          editionId: random() < 0.8 ? editionId : null,
        });
        // They may leave by the same mail again: that is no second reader.
        if (random() < 0.5) await comeBack(id);
      },
      async () => {
        const { editionId, ids } = pick(editions);
        const [subscriberId, now] = [pick(ids), clock.now()];
        if (came.has(subscriberId)) return;
        came.add(subscriberId);
        await database.transaction(async (tx) => {
          await tx.execute(sql`UPDATE delivery SET bounced_at = ${now.toISOString()}::timestamptz
            WHERE edition_id = ${editionId} AND subscriber_id = ${subscriberId}`);
          await countReturned(tx, { editionId, subscriberIds: [subscriberId], what: 'bounced', now });
        });
      },
      async () => {
        const { editionId, ids } = pick(editions);
        const [subscriberId, now] = [pick(ids), clock.now()];
        if (complained.has(subscriberId)) return;
        complained.add(subscriberId);
        const { id: publicationId } = await office.get(PublicationService).current();
        await database.transaction(async (tx) => {
          await tx.execute(sql`INSERT INTO feedback_event (id, publication_id, type, subscriber_id, edition_id, detail, at)
            VALUES (${newId()}, ${publicationId}, 'complaint', ${subscriberId}, ${editionId}, '{}', ${now.toISOString()}::timestamptz)`);
          await countReturned(tx, { editionId, subscriberIds: [subscriberId], what: 'complained', now });
        });
      },
      // A transaction that is taken back counts nothing.
      async () => {
        const { editionId, ids } = pick(editions);
        const undone = database.transaction(async (tx) => {
          await countReturned(tx, { editionId, subscriberIds: ids, what: 'bounced', now: clock.now() });
          throw new Error('taken back');
        });
        await expect(undone).rejects.toThrow('taken back');
      },
      () => {
        clock.advance(Math.floor(random() * 50) * MINUTE);
        return Promise.resolve();
      },
      () => folds.foldEditions(1 + Math.floor(random() * 5)),
      () => Promise.all([folds.foldEditions(3), folds.foldEditions(3), folds.foldEditions(100)]),
    ];
    for (let step = 0; step < 250; step++)
      await steps[step % 3 === 0 ? 0 : Math.floor(random() * steps.length)]!();
    await repository.expire(new Date(clock.now().getTime() + DAY), clock.now());

    const facts = await recounted();
    expect(withoutDeferred(await counted())).toEqual(facts);
    expect(await deferredByNumbers()).toEqual(await deferredByLedger());
    const shown = await Promise.all(
      editions.map(({ editionId }) => stats.edition(editionId, { by: 'hour' })),
    );

    await Promise.all([tick.run(NOT_STOPPED), tick.run(NOT_STOPPED)]);
    expect(await office.rows('SELECT 1 FROM edition_number_delta')).toEqual([]);
    expect(withoutDeferred(await counted(false))).toEqual(facts);
    expect(await deferredByNumbers()).toEqual(await deferredByLedger());

    const total = (what: string) =>
      (Object.values(facts) as Record<string, number>[]).reduce((sum, row) => sum + row[what]!, 0);
    for (const what of ['frozen', 'accepted', 'failed', 'bounced', 'complained', 'unsubscribed'] as const) {
      expect(total(what)).toBeGreaterThan(0);
      expect(shown.reduce((sum, one) => sum + one.total[what], 0)).toBe(total(what));
    }
    // Folded or not, the answers are the same.
    for (const [at, { editionId }] of editions.entries()) {
      expect(await stats.edition(editionId, { by: 'hour' })).toEqual(shown[at]);
      const byProvider = await stats.edition(editionId, { by: 'provider' });
      expect(byProvider.total).toEqual(shown[at]!.total);
      const keys = byProvider.data.map((row) => ('key' in row ? row.key : ''));
      expect(keys).toEqual(['google', 'microsoft', 'other', 'quay-mail.co.uk']);
    }
  });

  it('have clicks beside them, which are of no provider, and of articles', async () => {
    const { editionId, digestId } = await office.frozen(['ada@gmail.com']);
    const other = await office.frozen(['bea@gmail.com']);
    const hour = fullHour(office.clock.now());
    const next = fullHour(new Date(office.clock.now().getTime() + HOUR));
    const [{ articleId } = { articleId: '' }] = await office.rows<{ articleId: string }>(
      sql`SELECT article_ids[1] AS "articleId" FROM edition_wave WHERE edition_id = ${editionId}`,
    );
    await office.rows(sql`DELETE FROM edition_link WHERE edition_id = ${editionId}`);
    await office.rows(sql`INSERT INTO edition_link (edition_id, number, url, article_id)
      VALUES (${editionId}, 0, 'https://harbour.example/', NULL), (${editionId}, 1, 'https://harbour.example/a', ${articleId})`);
    await office.rows(sql`INSERT INTO edition_clicks (edition_id, hour, people, scanners)
      VALUES (${editionId}, ${hour}, 5, 40), (${editionId}, ${next}, 2, 1), (${other.editionId}, ${hour}, 100, 100)`);
    await office.rows(sql`INSERT INTO link_clicks (edition_id, number, hour, people, scanners)
      VALUES (${editionId}, 0, ${hour}, 3, 3), (${editionId}, 1, ${hour}, 4, 40), (${editionId}, 1, ${next}, 2, 1)`);
    const clicks = { people: 7, scanners: 41, margin: 7, withScanners: 48 };

    const byHour = await stats.edition(editionId, { by: 'hour' });
    expect(byHour.total).toMatchObject({ frozen: 1, clicks });
    expect(byHour.data).toMatchObject([
      { at: new Date(hour), frozen: 1, clicks: { people: 5, scanners: 40, margin: 7, withScanners: 45 } },
      { at: new Date(next), frozen: 0, clicks: { people: 2, scanners: 1 } },
    ]);
    const byProvider = await stats.edition(editionId, { by: 'provider' });
    expect(byProvider.total).toEqual(byHour.total);
    expect(byProvider.data).toMatchObject([
      { key: 'google', frozen: 1, clicks: { people: 0 } },
      { key: null, frozen: 0, clicks },
    ]);
    const range = { from: new Date(hour), to: new Date(Date.parse(next) + HOUR) };
    expect((await stats.digest(digestId, { ...range, by: 'edition' })).data).toMatchObject([
      { key: editionId, frozen: 1, clicks },
    ]);
    const until = { from: new Date(hour), to: new Date(next) };
    expect((await stats.digest(digestId, { ...until, by: 'day' })).total.clicks.people).toBe(5);
    const one = {
      frozen: 1,
      accepted: 0,
      deferred: 0,
      failed: 0,
      bounced: 0,
      complained: 0,
      unsubscribed: 0,
    };
    expect(await stats.article(articleId, { ...range, by: 'edition' })).toEqual({
      data: [{ key: editionId, ...one, clicks: { people: 6, scanners: 41, margin: 7, withScanners: 47 } }],
      total: { ...one, clicks: { people: 6, scanners: 41, margin: 7, withScanners: 47 } },
    });
    await expect(stats.edition(newId(), { by: 'hour' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(stats.providers({ from: range.to, to: range.from, by: 'day' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('have a reader once for each edition that they left by, however often they come back', async () => {
    const { editionId, ids } = await office.frozen(['dan@gmail.com']);
    const other = await office.frozen(['eve@gmail.com']);
    const id = Object.values(ids)[0]!;
    const leaveBy = async (left: string | null) => {
      const how = { method: 'one-click', ip: null, userAgent: null, editionId: left } as const;
      expect(await office.get(UnsubscribeService).leave(id, how)).toMatchObject({ state: 'unsubscribed' });
      await comeBack(id);
    };
    for (const by of [null, editionId, editionId, other.editionId, editionId]) await leaveBy(by);
    const left = async (of: string) => (await stats.edition(of, { by: 'hour' })).total.unsubscribed;
    expect([await left(editionId), await left(other.editionId)]).toEqual([1, 1]);
    const facts = Object.entries(await recounted()).filter(([key]) => key.startsWith(editionId));
    expect(facts).toMatchObject([[expect.anything(), { frozen: 1, unsubscribed: 1 }]]);
  });

  it('know how many readers agree to be measured, of those who got it', async () => {
    const addresses = ['ida@gmail.com', 'jan@hotmail.fr', 'kai@gmail.com', 'lea@gmail.com', 'max@gmail.com'];
    const { editionId, ids } = await office.frozen(addresses);
    const [ida, jan, kai, lea, max] = addresses.map((address) => ids[address]!) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const { repository, clock, database } = office;
    const measured = office.get(MeasuredReaderRepository);
    await database.transaction((tx) => measured.setMeasured(tx, [ida, jan, kai, lea], clock.now()));
    const settle = async (outcomes: Record<string, Outcome>) => {
      const [token, now] = [newId(), clock.now()];
      const claimed = await repository.claimDue(editionId, 0, 100, token, LEASE_MS, now);
      const ended = claimed.map(({ subscriberId: id }) => ({ id, outcome: outcomes[id]! }));
      await repository.recordOutcomes(editionId, token, ended, now);
    };
    const accepted: Outcome = { status: 'accepted', tried: true, code: 250, reply: '250 ok' };
    const later: Outcome = { status: 'queued', tried: true, dueAt: clock.now(), code: 451, reply: '451 no' };
    const clicks = new ClickRepository(database, measured);
    const readers = async () => (await clicks.measured(editionId)).readers;
    expect(await readers()).toBe(0);
    await settle({ [ida]: accepted, [jan]: accepted, [kai]: accepted, [lea]: later, [max]: accepted });
    expect(await readers()).toBe(3);
    const before = (await stats.edition(editionId, { by: 'provider' })).data;
    await tick.run(NOT_STOPPED);
    expect(await readers()).toBe(3);
    clock.advance(HOUR);
    await office.get(UnsubscribeService).leave(jan, { method: 'page', ip: null, userAgent: null });
    await office.get(SubscriberService).erase(kai);
    expect(await readers()).toBe(1);
    await settle({ [lea]: accepted });
    expect(await readers()).toBe(2);
    await tick.run(NOT_STOPPED);
    expect(await readers()).toBe(2);
    // It is no row of its own in the answers.
    const { data } = await stats.edition(editionId, { by: 'provider' });
    expect(data.map((row) => 'key' in row && row.key)).toEqual(before.map((row) => 'key' in row && row.key));
  });

  it('stay when the events go that they were counted from', async () => {
    const { editionId, ids } = await office.frozen(['cleo@gmail.com']);
    const id = Object.values(ids)[0]!;
    const how = { method: 'one-click', ip: null, userAgent: null, editionId } as const;
    await office.get(UnsubscribeService).leave(id, how);
    const before = (await stats.edition(editionId, { by: 'provider' })).total;
    expect(before).toMatchObject({ frozen: 1, unsubscribed: 1 });
    const events = () => office.rows(sql`SELECT 1 FROM feedback_event WHERE edition_id = ${editionId}`);
    office.clock.advance(400 * DAY);
    await tick.run(NOT_STOPPED);
    expect(await events()).toHaveLength(1);
    office.clock.advance(MINUTE);
    await tick.run(NOT_STOPPED);
    expect(await events()).toHaveLength(0);
    expect((await stats.edition(editionId, { by: 'provider' })).total).toEqual(before);
  });

  it('ask for the provider of a domain again after a month, and after a day if it could not be told', async () => {
    await office.audience(['dora@told.de', 'emma@untold.de']);
    dns.records = { 'told.de': 'mx.first.de', 'untold.de': new Error('ETIMEOUT') };
    const providers = async () =>
      Object.fromEntries(
        (
          await office.rows<{ domain: string; provider: string }>(
            `SELECT domain, provider FROM mail_domain WHERE domain IN ('told.de', 'untold.de')`,
          )
        ).map(({ domain, provider }) => [domain, provider]),
      );
    const asked = async () => {
      dns.asked.length = 0;
      await domains.run(NOT_STOPPED);
      return dns.asked.filter((domain) => domain.endsWith('told.de')).sort();
    };
    expect(await asked()).toEqual(['told.de', 'untold.de']);
    expect(await providers()).toEqual({ 'told.de': 'first.de', 'untold.de': 'other' });
    expect(await asked()).toEqual([]);
    office.clock.advance(DAY + MINUTE);
    dns.records = { 'told.de': 'mx.second.de', 'untold.de': 'aspmx.l.google.com' };
    expect(await asked()).toEqual(['untold.de']);
    office.clock.advance(30 * DAY);
    expect(await asked()).toEqual(['told.de']); // the other was asked a day later
    expect(await asked()).toEqual([]);
    expect(await providers()).toEqual({ 'told.de': 'second.de', 'untold.de': 'google' });
  });
});
