import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Database } from '#database/database.js';
import { delivery } from '#database/schema/index.js';
import { ClaimJournal, journalPath, type JournalOwner } from '#delivery/claims/journal.js';
import { RecoveryTick } from '#delivery/recovery/ticks.js';
import { THIS_PROCESS } from '#delivery/claims/process-identity.js';
import type { Outcome } from '#delivery/outcomes/outcome.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import {
  gate,
  LEASE_MS,
  messageIdOf,
  PostOffice,
  replaced,
  START,
  type OfficeOptions,
} from './delivery.harness.js';

/** A process of this machine that has ended. */
function deadProcess(overrides: Partial<JournalOwner> = {}): JournalOwner {
  const { pid } = spawnSync(process.execPath, ['--version']);
  return { processId: newId(), pid, host: hostname(), bootId: THIS_PROCESS.bootId, ...overrides };
}

function noSpace(): never {
  throw new Error('ENOSPC');
}

const accepted: Outcome = { status: 'accepted', tried: true, code: 250, reply: '250 ok' };

onEachDatabase('delivery: taken over', (open, kind) => {
  let database: Database;
  let office: PostOffice;
  beforeAll(async () => {
    database = await open();
  });
  const start = async (options: OfficeOptions = {}) => (office = await PostOffice.open(database, options));
  afterEach(() => office.close());

  const journals = () => readdirSync(join(office.dataDir, 'journal'));

  /** A claim as a process leaves it that dies in the middle of it. */
  async function claimOf(
    owner: JournalOwner,
    editionId: string,
    write: (journal: ClaimJournal) => void = () => undefined,
  ) {
    const token = newId();
    const folder = join(office.dataDir, 'journal');
    const journal = ClaimJournal.open(folder, { of: 'edition', id: editionId, token }, owner);
    const rows = await office.repository.claimDue(editionId, 0, 100, token, LEASE_MS, office.clock.now());
    write(journal);
    journal.close('keep');
    return { token, rows };
  }

  it('commits what ended, marks and resends what was begun, and puts back the rest without a mark', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['ended', 'refused', 'begun', 'waiting']);
    await claimOf(deadProcess(), editionId, (journal) => {
      for (const name of ['ended', 'refused', 'begun']) journal.begin(ids[name]!);
      journal.end(ids.ended!, accepted);
      journal.end(ids.refused!, {
        status: 'failed',
        tried: true,
        hardBounce: true,
        code: 550,
        reply: '550 5.1.1 no',
      });
    });
    await office.recover();
    expect(await office.ledger(editionId)).toMatchObject({
      ended: { status: 'accepted', inDoubt: false, smtpCode: 250 },
      refused: { status: 'failed', inDoubt: false },
      begun: { status: 'queued', inDoubt: true },
      waiting: { status: 'queued', inDoubt: false, attempts: 0 },
    });
    expect(await office.standing('refused')).toEqual({ suppressed: 1, status: 'bounced' });
    expect(journals()).toEqual([]);
    await office.deliver(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    const received = new Map(office.peer.accepted.map((one) => [one.to[0], messageIdOf(one.raw)]));
    expect(received).toEqual(
      new Map(
        ['begun', 'waiting'].map((name) => [office.address(name), office.messageId(editionId, ids[name]!)]),
      ),
    );
    expect((await office.ledger(editionId)).begun).toMatchObject({ status: 'accepted', inDoubt: true });
  });

  it('holds what is in doubt when told to', async () => {
    await start({ inDoubt: 'hold' });
    const { editionId, ids } = await office.frozen(['begun', 'waiting']);
    await claimOf(deadProcess(), editionId, (journal) => journal.begin(ids.begun!));
    await office.recover();
    await office.deliver(editionId);
    expect(await office.ledger(editionId)).toMatchObject({
      begun: { status: 'uncertain', inDoubt: true },
      waiting: { status: 'accepted', inDoubt: false },
    });
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(office.peer.accepted).toHaveLength(1);
  });

  it('leaves a living process its claim while the lease lasts, and then takes it over by its journal', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['begun', 'waiting']);
    const frozen = { ...THIS_PROCESS, processId: newId(), pid: process.ppid }; // alive, and not us
    const { token } = await claimOf(frozen, editionId, (journal) => journal.begin(ids.begun!));
    await office.recover();
    expect(await office.states(editionId)).toEqual({ begun: 'claimed', waiting: 'claimed' });
    await office.endLeases();
    await office.recover();
    expect(await office.ledger(editionId)).toMatchObject({
      begun: { status: 'queued', inDoubt: true },
      waiting: { status: 'queued', inDoubt: false },
    });

    // It wakes: what it would renew, look at or commit is not its own any more.
    const { repository } = office;
    expect(await repository.renewLease(editionId, token, LEASE_MS)).toBe(false);
    const late = [{ id: ids.begun!, outcome: accepted }];
    expect(await repository.recordOutcomes(editionId, token, late, office.clock.now())).toBe(0);
    await repository.release(editionId, token, office.clock.now());
    expect(await office.states(editionId)).toEqual({ begun: 'queued', waiting: 'queued' });
  });

  it('takes a claim without a journal for doubtful, once nobody else can know better', async () => {
    await start();
    const { editionId } = await office.frozen(['a', 'b']);
    const { token } = await claimOf(deadProcess(), editionId);
    rmSync(journalPath(join(office.dataDir, 'journal'), token));
    await office.recover();
    expect(await office.states(editionId)).toEqual({ a: 'claimed', b: 'claimed' });
    await office.endLeases(10);
    await office.recover();
    if (kind === 'postgres') {
      // Its machine may come back in a moment, with the journal.
      expect(await office.states(editionId)).toEqual({ a: 'claimed', b: 'claimed' });
      await office.endLeases(70);
      await office.recover();
    }
    expect(await office.ledger(editionId)).toMatchObject({
      a: { status: 'queued', inDoubt: true },
      b: { status: 'queued', inDoubt: true },
    });
  });

  it('does not take the journal of an earlier boot for whole: a power cut may have cut it', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['ended', 'begun', 'unknown']);
    await claimOf(deadProcess({ bootId: 'another' }), editionId, (journal) => {
      journal.begin(ids.ended!);
      journal.end(ids.ended!, accepted);
      journal.begin(ids.begun!);
    });
    await office.recover();
    expect(await office.ledger(editionId)).toMatchObject({
      ended: { status: 'accepted', inDoubt: false },
      begun: { status: 'queued', inDoubt: true },
      unknown: { status: 'queued', inDoubt: true },
    });
  });

  it('puts back nothing of a cancelled edition', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['begun', 'waiting']);
    await claimOf(deadProcess(), editionId, (journal) => journal.begin(ids.begun!));
    await office.editions.cancel(editionId);
    await office.recover();
    expect(await office.states(editionId)).toEqual({ begun: 'suppressed', waiting: 'suppressed' });
  });

  it('settles the other claims when one cannot be settled', async () => {
    await start();
    const bad = await office.frozen(['x']);
    const good = await office.frozen(['y']);
    await claimOf(deadProcess(), bad.editionId, (journal) =>
      journal.end(bad.ids.x!, { ...accepted, status: 'no such state' as 'accepted' }),
    );
    await claimOf(deadProcess(), good.editionId);
    await office.recover();
    expect(await office.states(bad.editionId)).toEqual({ x: 'claimed' });
    expect(await office.states(good.editionId)).toEqual({ y: 'queued' });
    expect(office.logs.some((line) => line.includes('could not be settled'))).toBe(true);
    expect(journals()).toHaveLength(1);
    await database.db.execute(`DELETE FROM delivery WHERE edition_id = '${bad.editionId}'`);
  });

  it('settles the dead at its start, before it claims anything itself', async () => {
    await start();
    const { editionId, ids } = await office.frozen(['begun', 'waiting']);
    await claimOf(deadProcess(), editionId, (journal) => journal.begin(ids.begun!));
    const restarted = await PostOffice.open(database, { dataDir: office.dataDir });
    try {
      expect(await restarted.ledger(editionId)).toMatchObject({
        begun: { status: 'queued', inDoubt: true },
        waiting: { status: 'queued', inDoubt: false },
      });
    } finally {
      await restarted.close();
    }
  });

  it('hints at what it has put back at once', async () => {
    await start();
    const { editionId } = await office.frozen(['begun', 'waiting']);
    await office.frozen(['of another edition, which has a job of its own']);
    await claimOf(deadProcess(), editionId);
    const before = office.queue.jobs.length;
    await office.get(RecoveryTick).run();
    const hint = { name: 'edition.deliver', payload: { editionId, batch: 0 }, options: {} };
    expect(office.queue.jobs.slice(before)).toEqual([hint]);
    await claimOf(deadProcess(), editionId);
    await database.db.update(delivery).set({ dueAt: new Date(START) }); // when the next one's clock begins
    const restarted = await PostOffice.open(database, { dataDir: office.dataDir });
    try {
      expect(restarted.queue.jobs).toEqual([hint]);
    } finally {
      await restarted.close();
    }
  });

  it(`at its start ${kind === 'embedded' ? 'takes every claim for a dead one' : 'leaves claims of others alone'}`, async () => {
    await start();
    const { editionId } = await office.frozen(['a']);
    await claimOf({ ...THIS_PROCESS, processId: newId(), pid: process.ppid }, editionId);
    const other = await PostOffice.open(database);
    try {
      const { a } = await other.ledger(editionId);
      expect([a!.status, a!.inDoubt]).toEqual(kind === 'embedded' ? ['queued', true] : ['claimed', false]);
    } finally {
      await other.close();
      await office.endLeases(100);
      await office.recover();
    }
  });

  it('keeps the journal until the ledger has everything, and leaves none behind', async () => {
    await start({ connections: 2 });
    const held = gate();
    office.peer.script = ({ command }) => (command === 'DOT' ? held.opened : undefined);
    const { editionId } = await office.frozen(['a', 'b', 'c']);
    const delivering = office.deliver(editionId);
    await office.peer.reached('DOT', 2);
    expect(journals()).toHaveLength(1);
    held.open();
    await delivering;
    expect(journals()).toEqual([]);
  });

  it('writes every outcome when the database fails for a while', async () => {
    await start({ connections: 2 });
    const { editionId } = await office.frozen(['a', 'b', 'c', 'd']);
    const { repository } = office;
    const original = repository.recordOutcomes.bind(repository);
    let failures = 2;
    repository.recordOutcomes = (...given) =>
      (failures -= 1) >= 0 ? Promise.reject(new Error('the database restarts')) : original(...given);
    await office.deliver(editionId);
    expect(await office.edition(editionId)).toMatchObject({ status: 'sent' });
    expect(office.peer.accepted).toHaveLength(4);
  });

  it('begins nothing more once its lease is lost, and commits nothing', async () => {
    await start({ connections: 1 });
    const held = gate();
    office.peer.script = ({ command, count }) => (command === 'DOT' && count === 1 ? held.opened : undefined);
    const { editionId } = await office.frozen(['a', 'b']);
    const delivering = office.deliver(editionId);
    await office.peer.reached('DOT');
    await office.endLeases(100); // as if it had been frozen for longer than a lease
    await office.recover(); // by another worker
    expect(await office.ledger(editionId)).toMatchObject({
      a: { status: 'queued', inDoubt: true },
      b: { status: 'queued', inDoubt: false },
    });
    const later = Date.now() + LEASE_MS;
    const restore = replaced(Date, 'now', () => later);
    held.open();
    await delivering.finally(restore);
    expect(office.peer.accepted).toHaveLength(1); // b was not begun
    expect(await office.states(editionId)).toEqual({ a: 'queued', b: 'queued' });
    expect(
      office.logs.some((line) => line.includes('a lease ran out before its outcomes were written')),
    ).toBe(true);
    await office.deliver(editionId);
    expect(await office.ledger(editionId)).toMatchObject({
      a: { status: 'accepted', inDoubt: true },
      b: { status: 'accepted', inDoubt: false },
    });
    const ids = office.peer.accepted
      .filter((one) => one.to[0] === office.address('a'))
      .map((one) => messageIdOf(one.raw));
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('begins nothing that it cannot note in its journal', async () => {
    await start({ connections: 1 });
    const { editionId } = await office.frozen(['a', 'b']);
    const restore = replaced(ClaimJournal.prototype, 'begin', noSpace);
    await expect(office.deliver(editionId)).rejects.toThrow('ENOSPC').finally(restore);
    expect(office.peer.accepted).toEqual([]);
    expect(await office.states(editionId)).toEqual({ a: 'queued', b: 'queued' });
  });

  it('commits what was accepted even when its journal cannot be written', async () => {
    await start({ connections: 1 });
    const { editionId } = await office.frozen(['a', 'b']);
    const restore = replaced(ClaimJournal.prototype, 'end', noSpace);
    await expect(office.deliver(editionId)).rejects.toThrow('ENOSPC').finally(restore);
    expect(await office.states(editionId)).toEqual({ a: 'accepted', b: 'queued' });
    expect(office.peer.accepted).toHaveLength(1);
    expect(existsSync(join(office.dataDir, 'journal'))).toBe(true);
  });

  it('fails the job, not the others, when a message cannot be made, and puts all back', async () => {
    await start({ connections: 2 });
    const { editionId } = await office.frozen(['a', 'b', 'c']);
    await database.db.execute(`DELETE FROM edition_content WHERE edition_id = '${editionId}'`);
    await expect(office.deliver(editionId)).rejects.toThrow('content of the edition');
    expect(await office.states(editionId)).toEqual({ a: 'queued', b: 'queued', c: 'queued' });
    expect(journals()).toEqual([]);
  });
});
