import { sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { EditionCountRepository } from '#delivery/counts/edition-count.repository.js';
import { EditionDeliveries } from '#digest/ledger/edition-deliveries.service.js';
import { onEachDatabase } from '../support/databases.js';
import { byReader, HOUR, MINUTE, names, PostOffice } from './delivery.harness.js';

onEachDatabase('delivery: what is counted while it is done', (open) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  afterEach(() => office.close());

  const folds = () => office.get(EditionCountRepository);
  const deliveries = () => office.get(EditionDeliveries);

  /** I1: as a count of all rows says, and together all that were frozen. */
  const recount = async (editionId: string) => {
    const { counts } = await office.editions.get(editionId);
    const { recipients, queued, deferred, ...others } = counts;
    const { queued: waiting = 0, ...tally } = await office.tally(editionId);
    const states = Object.fromEntries(Object.entries(others).filter(([, n]) => n !== 0));
    expect(states).toEqual(tally);
    expect(queued + deferred).toBe(waiting);
    const [tried] = await office.rows<{ n: number }>(
      sql`SELECT count(*)::int AS n FROM delivery WHERE edition_id = ${editionId} AND status = 'queued' AND attempts > 0`,
    );
    expect(deferred).toBe(tried?.n);
    const rows = Object.values(await office.ledger(editionId)).length;
    expect(recipients).toBe(rows);
    return counts;
  };

  it('sums to what was frozen, at every step', async () => {
    const refused = {
      gone: { RCPT: '550 5.1.1 no such user' },
      grey: { RCPT: '450 4.2.0 greylisted 4F2A77C1' },
    } as const;
    office = await PostOffice.open(database, { peer: { script: byReader(refused) } });
    const { editionId, ids } = await office.frozen(['gone', 'grey', ...names(8)]);
    expect(await recount(editionId)).toMatchObject({ recipients: 10, queued: 10 });
    await office.repository.claimDue(editionId, 0, 4, ids['gone']!, 60_000, office.clock.now());
    expect(await recount(editionId)).toMatchObject({ claimed: 4, queued: 6 });
    await office.repository.renewLease(editionId, ids['gone']!, 60_000);
    const before = await office.rows(sql`SELECT 1 FROM edition_count_delta WHERE edition_id = ${editionId}`);
    expect(before).toHaveLength(2); // to renew a lease moves nothing
    await office.repository.release(editionId, ids['gone']!, office.clock.now());
    expect(await recount(editionId)).toMatchObject({ queued: 10 });
    await folds().foldStates(2);
    await recount(editionId);
    await office.deliver(editionId);
    expect(await recount(editionId)).toMatchObject({ accepted: 8, failed: 1, deferred: 1 });
    while ((await folds().foldStates(2)) > 0) await recount(editionId);
    office.clock.advance(80 * HOUR);
    await office.tick();
    expect(await recount(editionId)).toMatchObject({ expired: 1, deferred: 0 });
    const listed = await office.editions.list({ limit: 5 });
    expect(listed.data.find((one) => one.id === editionId)?.counts).toMatchObject({
      expired: 1,
      accepted: 8,
    });
  });

  it('counts those that an edition leaves when it is cancelled, and those of a reader who leaves', async () => {
    office = await PostOffice.open(database);
    const { editionId } = await office.frozen(names(5));
    await office.editions.cancel(editionId);
    expect(await recount(editionId)).toMatchObject({ suppressed: 5, recipients: 5 });
    await database.db.execute(sql`DELETE FROM delivery WHERE edition_id = ${editionId}`);
    expect(await recount(editionId)).toMatchObject({ suppressed: 0, recipients: 0 });
  });

  it('groups outcomes by what was said and by whom', async () => {
    const answers = Object.fromEntries(
      names(3, 'full').map((name, at) => [
        name,
        { RCPT: `452 4.2.2 mailbox full (id=${at}a7c${at}99) of mx${at}.in.example.net` },
      ]),
    );
    office = await PostOffice.open(database, {
      peer: {
        script: byReader({
          ...answers,
          gone: { RCPT: '550 5.1.1 no such user' },
          spam: { DOT: '554 5.7.1 blocked' },
        }),
      },
    });
    const { editionId } = await office.frozen([...names(3, 'full'), 'gone', 'spam', ...names(4)]);
    await office.deliver(editionId);
    const wanted = [
      { status: 'accepted', class: 'none', code: null, words: '', provider: 'other', count: 4 },
      {
        status: 'deferred',
        class: 'soft',
        code: 452,
        words: '4.2.2 mailbox full … of …',
        provider: 'other',
        count: 3,
      },
      {
        status: 'failed',
        class: 'hard',
        code: 550,
        words: '5.1.1 no such user',
        provider: 'other',
        count: 1,
      },
      { status: 'failed', class: 'blocked', code: 554, words: '5.7.1 blocked', provider: 'other', count: 1 },
    ];
    expect((await deliveries().outcomes(editionId)).data).toEqual(wanted);
    await folds().foldOutcomes(1);
    expect((await deliveries().outcomes(editionId)).data).toEqual(wanted);
    while ((await folds().foldOutcomes(100)) > 0);
    expect((await deliveries().outcomes(editionId)).data).toEqual(wanted);
    office.clock.advance(10 * MINUTE);
    office.peer.script = undefined;
    await office.deliver(editionId);
    const after = (await deliveries().outcomes(editionId)).data;
    expect(after.map(({ status, count }) => [status, count])).toEqual([
      ['accepted', 7],
      ['deferred', 3],
      ['failed', 1],
      ['failed', 1],
    ]);
  });

  it('lists the ledger by status and address, a page at a time', async () => {
    const answers = Object.fromEntries(
      names(5, 'gone').map((name) => [name, { RCPT: '550 5.1.1 no such user' }]),
    );
    office = await PostOffice.open(database, { peer: { script: byReader(answers) } });
    const { editionId, ids } = await office.frozen([...names(5, 'gone'), ...names(4), 'j_doe']);
    await office.deliver(editionId);
    const failed: (string | null)[] = [];
    for (let cursor: string | undefined; ;) {
      const page = await deliveries().list(editionId, {
        status: 'failed',
        limit: 2,
        ...(cursor ? { cursor } : {}),
      });
      failed.push(...page.data.map((row) => row.email));
      if (!page.nextCursor) break;
      cursor = page.nextCursor;
    }
    expect(failed).toEqual(names(5, 'gone').map((name) => office.address(name)));
    const found = async (query: Record<string, unknown>) =>
      (await deliveries().list(editionId, query)).data.map((row) => row.subscriberId);
    expect(await found({ q: 'J_D' })).toEqual([ids['j_doe']]);
    expect(await found({ q: 'gone3', status: 'failed' })).toEqual([ids['gone3']]);
    expect(await found({ q: 'gone3', status: 'accepted' })).toEqual([]);
    expect(await found({ status: 'accepted' })).toHaveLength(5);
    expect(await found({ status: 'queued' })).toEqual([]);
  });
});
