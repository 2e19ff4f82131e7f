import { sql } from 'drizzle-orm';
import { DeliveryRepository } from '#delivery/editions/delivery.repository.js';
import { EditionStarter } from '#delivery/editions/edition-starter.js';
import type { Database } from '#database/database.js';
import { newId } from '#kernel/ids.js';
import { makeStore, type TestStore } from '../support/stores.js';
import { LEASE_MS, PostOffice } from './delivery.harness.js';

// The embedded database runs one transaction at a time; these races are real on PostgreSQL only.
describe('delivery: several workers on PostgreSQL', () => {
  let store: TestStore;
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    store = await makeStore('postgres');
    database = await store.open();
  });
  afterAll(() => store.remove());
  beforeEach(async () => {
    office = await PostOffice.open(database);
  });
  afterEach(() => office.close());

  const names = (count: number) => Array.from({ length: count }, (_, at) => `r${at}`);

  it('claim disjoint rows, all of them', async () => {
    const { editionId, ids } = await office.frozen(names(300));
    const claims = await Promise.all(
      Array.from({ length: 8 }, () =>
        office.repository.claimDue(editionId, 0, 50, newId(), LEASE_MS, office.clock.now()),
      ),
    );
    const claimed = claims.flat().map((row) => row.subscriberId);
    expect(new Set(claimed).size).toBe(claimed.length);
    expect(claimed.length).toBe(300);
    expect(new Set(claimed)).toEqual(new Set(Object.values(ids)));
    await office.endLeases(100);
  });

  it('freeze an edition once', async () => {
    const { digestId } = await office.audience(names(50));
    const editionId = await office.requested(digestId);
    const starter = office.get(EditionStarter);
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => starter.start(editionId)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await office.edition(editionId)).toMatchObject({ recipients: 50, batches: 1, waves: 1 });
    expect(Object.keys(await office.ledger(editionId))).toHaveLength(50);
  });

  it('finish an edition once', async () => {
    const { editionId } = await office.frozen(names(3));
    await database.db.execute(`UPDATE delivery SET status = 'accepted' WHERE edition_id = '${editionId}'`);
    const finished = await Promise.all(
      Array.from({ length: 5 }, () => office.repository.finishEdition(editionId, office.clock.now())),
    );
    expect(finished.filter(Boolean)).toHaveLength(1);
  });

  it('prepare an edition at once without failing it', async () => {
    const { digestId } = await office.audience(names(3));
    const editionId = await office.requested(digestId);
    await Promise.all([office.prepare(editionId), office.prepare(editionId), office.prepare(editionId)]);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sending', recipients: 3 });
  });

  it('send the same batch together, each reader once, and write every outcome', async () => {
    const { editionId } = await office.frozen(names(400));
    const others = await Promise.all([PostOffice.open(database), PostOffice.open(database)]);
    const all = [office, ...others];
    for (const one of others) one.clock.set(office.clock.now());
    try {
      // Two jobs of one batch in each of three workers: what BullMQ does after a stall.
      await Promise.all(all.flatMap((one) => [one.deliver(editionId), one.deliver(editionId)]));
      expect(await office.editions.get(editionId)).toMatchObject({
        status: 'sent',
        counts: { accepted: 400 },
      });
      const received = all.flatMap((one) => one.peer.accepted.map((message) => message.to[0]));
      expect(received).toHaveLength(400);
      expect(new Set(received).size).toBe(400);
      const lost = all.flatMap((one) => one.logs.filter((line) => line.includes('lease ran out')));
      expect(lost).toEqual([]);
    } finally {
      for (const one of others) await one.close();
    }
  });

  it('never release what a write under way has ended', async () => {
    // The last outcomes of a chunk end while an earlier write is still under way: the slower that is, the more so.
    const { editionId } = await office.frozen(names(60));
    const { repository } = office;
    const original = repository.recordOutcomes.bind(repository);
    let underWay = 0;
    let most = 0;
    repository.recordOutcomes = async (...given) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await office.rows(`SELECT pg_sleep(0.02)`);
      const written = await original(...given);
      underWay -= 1;
      return written;
    };
    const release = repository.release.bind(repository);
    repository.release = async (...given) => {
      expect(underWay).toBe(0);
      return release(...given);
    };
    await office.deliver(editionId);
    expect(most).toBe(1);
    expect(await office.editions.get(editionId)).toMatchObject({ status: 'sent', counts: { accepted: 60 } });
    expect(office.peer.accepted).toHaveLength(60);
  });

  it('end what comes back in the moment in which a cancel is committed', async () => {
    const { editionId } = await office.frozen(names(3));
    const token = newId();
    await office.repository.claimDue(editionId, 0, 50, token, LEASE_MS, office.clock.now());
    await database.transaction(async (tx) => {
      await tx.execute(sql`UPDATE edition SET status = 'cancelled' WHERE id = ${editionId}`);
      await office.repository.release(editionId, token, office.clock.now());
    });
    await office.tick();
    expect(await office.tally(editionId)).toEqual({ suppressed: 3 });
  });

  it('settle the same dead claim together, once', async () => {
    const { editionId } = await office.frozen(names(20));
    const token = newId();
    await office.repository.claimDue(editionId, 0, 50, token, LEASE_MS, office.clock.now());
    await office.endLeases(100);
    await Promise.all([office.recover(), office.recover(), office.recover()]);
    const rows = Object.values(await office.ledger(editionId));
    expect(rows.map((row) => [row.status, row.inDoubt, row.attempts])).toEqual(
      rows.map(() => ['queued', true, 1]),
    );
  });

  it('ask the ledger a few times a chunk, not a few times a reader', async () => {
    const { editionId } = await office.frozen(names(240));
    let statements = 0;
    const execute = database.db.execute.bind(database.db);
    database.db.execute = (...given) => {
      statements += 1;
      return execute(...given);
    };
    const repository = office.get(DeliveryRepository);
    const original = repository.recordOutcomes.bind(repository);
    let writes = 0;
    repository.recordOutcomes = (...given) => {
      writes += 1;
      return original(...given);
    };
    await office.deliver(editionId);
    database.db.execute = execute;
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(writes).toBeLessThan(120); // in bulk: what ends during one write is in the next
    expect(statements).toBeLessThan(36);
  });
});
