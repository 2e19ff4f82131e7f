import type { Database } from '#database/database.js';
import { newId } from '#kernel/ids.js';
import { ClockTicker } from '#queue/clock/clock-ticker.js';
import { StoreWorker } from '#queue/store/store-classes.js';
import { TestRedis } from '../support/redis.js';
import { makeStore, type DatabaseKind, type TestStore } from '../support/stores.js';
import { eventually } from '../support/wait-for.js';
import { gate } from './delivery.harness.js';
import { Plant, processorOf, PROCESSORS } from './queue.harness.js';

const BACKENDS: [string, DatabaseKind, boolean][] = [
  ['Redis', 'postgres', true],
  ['the embedded database', 'embedded', false],
  ['PostgreSQL', 'postgres', false],
];

describe.each(BACKENDS)('the queue on %s', (_name, databaseKind, onRedis) => {
  let store: TestStore;
  let database: Database | undefined;
  let redis: TestRedis | undefined;
  let plant: Plant;
  const others: Plant[] = [];
  beforeAll(async () => {
    redis = onRedis ? await TestRedis.start() : undefined;
  });
  beforeEach(async () => {
    store = await makeStore(databaseKind);
    database = undefined;
    await redis?.flush();
    plant = await open();
  });
  afterEach(async () => {
    for (const one of [...others.splice(0), plant]) await one.close();
    await store.remove();
  });

  /** A process of its own has a pool of its own; the embedded database is of one process. */
  const open = async (config: object = {}, processors = PROCESSORS) => {
    const own = databaseKind === 'postgres' ? await store.open() : (database ??= await store.open());
    return Plant.open(own, { redisUrl: redis?.url ?? null, ...config }, processors);
  };
  const mail = () => ({ mailId: newId() });

  it('runs jobs with what they were given', async () => {
    plant.workers.start();
    const payload = mail();
    const batch = { editionId: newId(), batch: 3 };
    expect(await plant.queue.enqueue('mail.send', payload)).toBe(true);
    expect(await plant.queue.enqueue('edition.deliver', batch)).toBe(true);
    await plant.runs.until(() => plant.runs.all.length === 2);
    expect(plant.runs.of('mail.send')[0]).toMatchObject({ payload });
    expect(plant.runs.of('edition.deliver')[0]).toMatchObject({ payload: batch });
    await plant.queue.ping();
  });

  it('ticks at the start; a part that fails keeps no other from running', async () => {
    plant.workers.start();
    await plant.runs.until(() => plant.runs.ticks.length >= 2);
    expect(plant.runs.ticks.slice(0, 2)).toEqual(['first', 'second']);
    expect(plant.logs.some((line) => line.includes('a part of the tick failed'))).toBe(true);
  });

  it('refuses data that does not fit, for good, and an unknown job', async () => {
    const mails = plant.bull('mail');
    await mails.add('mail.send', { mailId: 'no id' }, { attempts: 5 });
    await mails.add('mail.send', { mailId: newId(), address: 'a@example.org' }, { attempts: 5 });
    await mails.add('mail.burn', {}, { attempts: 5 });
    plant.workers.start();
    await eventually(async () => (await mails.getJobCounts('failed')).failed === 3);
    expect(plant.runs.all).toEqual([]);
    const failed = await mails.getFailed();
    expect(failed.map((job) => job.attemptsMade).sort()).toEqual([1, 1, 1]);
  });

  it('does not start with a job that nobody does, nor with one that two do', async () => {
    const lacking = await open({}, PROCESSORS.slice(1));
    others.push(lacking);
    expect(() => lacking.workers.start()).toThrow('No processor for the jobs: mail.send');
    const doubled = await open({}, [...PROCESSORS, processorOf('mail.send')]);
    others.push(doubled);
    expect(() => doubled.workers.start()).toThrow('"mail.send" has two processors');
  });

  it('takes no job in a process that does not work', async () => {
    const working = await open();
    others.push(working);
    working.workers.start();
    for (let at = 0; at < 10; at++) await plant.queue.enqueue('mail.send', mail());
    await working.runs.until(() => working.runs.of('mail.send').length === 10);
    expect(plant.runs.all).toEqual([]);
  });

  it('throws at once when the caller gives data that does not fit', async () => {
    await expect(plant.queue.enqueue('mail.send', { mailId: 'no id' })).rejects.toThrow();
  });

  it('tries a job that failed again', async () => {
    plant.runs.act = () => {
      if (plant.runs.all.length === 1) throw new Error('not this time');
    };
    plant.workers.start();
    await plant.queue.enqueue('mail.send', mail());
    await plant.runs.until(() => plant.runs.all.length === 2);
    expect(plant.runs.all[1]!.payload).toEqual(plant.runs.all[0]!.payload);
  });

  it('does not add what waits or runs already under the same key, and does again when that is done', async () => {
    const held = gate();
    plant.runs.act = () => held.opened;
    const [one, other] = [mail(), mail()];
    await plant.queue.enqueue('mail.send', one, { dedupeKey: 'the same' });
    await plant.queue.enqueue('mail.send', one, { dedupeKey: 'the same' });
    plant.workers.start();
    await plant.runs.until(() => plant.runs.all.length === 1);
    await plant.queue.enqueue('mail.send', one, { dedupeKey: 'the same' });
    await plant.queue.enqueue('mail.send', other);
    await plant.runs.until(() => plant.runs.all.length === 2);
    expect(plant.runs.all[1]!.payload).toEqual(other);
    held.open();
    await eventually(async () => {
      await plant.queue.enqueue('mail.send', one, { dedupeKey: 'the same' });
      return plant.runs.all.length >= 3;
    });
  });

  it('runs a delayed job when it is time, and not before', async () => {
    plant.workers.start();
    const from = Date.now();
    await plant.queue.enqueue('mail.send', mail(), { delayMs: 400 });
    await plant.runs.until(() => plant.runs.all.length === 1);
    expect(Date.now() - from).toBeGreaterThanOrEqual(390);
  });

  it('does what is urgent before all that waits in its queue, whenever it came', async () => {
    const batch = (n: number) => ({ editionId: newId(), batch: n });
    await plant.queue.enqueueAll('edition.deliver', [batch(0), batch(1), batch(2)]);
    await plant.queue.enqueueAll('edition.deliver', [batch(100), batch(101)], { isUrgent: true });
    await plant.queue.enqueue('edition.deliver', batch(3));
    await plant.queue.enqueue('edition.deliver', batch(102), { isUrgent: true });
    plant.workers.start();
    await plant.runs.until(() => plant.runs.of('edition.deliver').length === 7);
    const order = plant.runs.of('edition.deliver').map(({ payload }) => (payload as { batch: number }).batch);
    expect(order.slice(0, 3).sort()).toEqual([100, 101, 102]);
    expect(order.slice(3).sort()).toEqual([0, 1, 2, 3]);
  });

  it('shares the jobs among workers', async () => {
    const second = await open();
    others.push(second);
    plant.workers.start();
    second.workers.start();
    const payloads = Array.from({ length: 30 }, mail);
    for (const payload of payloads) await plant.queue.enqueue('mail.send', payload);
    await eventually(() => plant.runs.of('mail.send').length + second.runs.of('mail.send').length === 30);
    const ran = [...plant.runs.all, ...second.runs.all].map(
      (run) => (run.payload as { mailId: string }).mailId,
    );
    expect(new Set(ran)).toEqual(new Set(payloads.map((payload) => payload.mailId)));
  });

  describe('stopping', () => {
    it('says so to what is in flight, waits for it, and begins nothing more', async () => {
      const held = gate();
      plant.runs.act = () => held.opened;
      plant.workers.start();
      await plant.queue.enqueue('edition.prepare', { editionId: newId() });
      await plant.runs.until(() => plant.runs.of('edition.prepare').length === 1);
      await plant.queue.enqueue('edition.prepare', { editionId: newId() });
      const { signal, deadline } = plant.runs.all[0]!.context;
      expect(signal.aborted).toBe(false);
      let closed = false;
      const closing = plant.close().then(() => (closed = true));
      await eventually(() => signal.aborted);
      expect(deadline.aborted).toBe(false);
      expect(closed).toBe(false);
      held.open();
      await closing;
      expect(plant.runs.of('edition.prepare')).toHaveLength(1);
    });

    it('has what hangs broken off before its time is up', async () => {
      const patient = await open({ shutdownTimeoutMs: 1_000 });
      others.push(patient);
      patient.runs.act = ({ context }) =>
        new Promise<void>((resolve) => context.deadline.addEventListener('abort', () => resolve()));
      patient.workers.start();
      await patient.queue.enqueue('edition.prepare', { editionId: newId() });
      await patient.runs.until(() => patient.runs.of('edition.prepare').length === 1);
      const from = Date.now();
      await patient.close();
      expect(Date.now() - from).toBeGreaterThanOrEqual(790);
      expect(patient.logs.some((line) => line.includes('did not finish in time'))).toBe(false);
    });

    it('ends all the same when a job never ends', async () => {
      const impatient = await open({ shutdownTimeoutMs: 500 });
      others.push(impatient);
      const held = gate();
      impatient.runs.act = () => held.opened;
      impatient.workers.start();
      await impatient.queue.enqueue('edition.prepare', { editionId: newId() });
      await impatient.runs.until(() => impatient.runs.of('edition.prepare').length === 1);
      await impatient.workers.stop();
      expect(impatient.logs.some((line) => line.includes('did not finish in time'))).toBe(true);
      held.open();
    });
  });

  if (onRedis) {
    describe('when Redis fails', () => {
      it('loses the jobs of an emptied Redis, never the tick', async () => {
        await plant.queue.enqueue('mail.send', mail());
        await redis!.flush();
        plant.workers.start();
        await plant.runs.until(() => plant.runs.ticks.length >= 2);
        const before = plant.runs.ticks.length;
        await redis!.flush();
        await eventually(() => {
          plant.module.get(ClockTicker, { strict: false }).tickNow(); // as its timer does every minute
          return plant.runs.ticks.length > before;
        });
        expect(plant.runs.of('mail.send')).toEqual([]);
        await plant.queue.enqueue('mail.send', mail());
        await plant.runs.until(() => plant.runs.of('mail.send').length === 1);
      });

      it('notices by itself that Redis was emptied, and ticks long before the minute is over', async () => {
        plant.workers.start();
        await plant.runs.until(() => plant.runs.ticks.length >= 2);
        await plant.queue.ping(); // leaves the process's mark
        const before = plant.runs.ticks.length;
        await redis!.flush();
        await eventually(() => plant.logs.some((line) => line.includes('Redis was emptied')));
        await plant.runs.until(() => plant.runs.ticks.length > before);
      }, 20_000);

      it('drops a job within a second while it is down, and the next ones at once; ticks when it is back', async () => {
        plant.workers.start();
        await plant.runs.until(() => plant.runs.ticks.length >= 2);
        await redis!.kill();
        const from = performance.now();
        expect(await plant.queue.enqueue('mail.send', mail())).toBe(false);
        expect(performance.now() - from).toBeLessThan(1_000);
        const next = performance.now();
        for (let at = 0; at < 20; at++) expect(await plant.queue.enqueue('mail.send', mail())).toBe(false);
        expect(performance.now() - next).toBeLessThan(100);
        await expect(plant.queue.ping()).rejects.toThrow();
        expect(plant.logs.some((line) => line.includes('Redis does not answer'))).toBe(true);

        const before = plant.runs.ticks.length;
        await redis!.restart();
        await plant.runs.until(() => plant.runs.ticks.length > before); // by itself, so that the database is looked at
        await eventually(async () => plant.queue.enqueue('mail.send', mail()));
        await plant.runs.until(() => plant.runs.of('mail.send').length >= 1);
      });

      it('starts while it is down, works when it is up', async () => {
        await redis!.kill();
        const early = await open();
        others.push(early);
        early.workers.start();
        expect(await early.queue.enqueue('mail.send', mail())).toBe(false);
        await redis!.restart();
        await early.runs.until(() => early.runs.ticks.length >= 2);
        await eventually(async () => early.queue.enqueue('mail.send', mail()));
        await early.runs.until(() => early.runs.of('mail.send').length >= 1);
      });
    });

    it('takes up the job of a process that died with it', async () => {
      const payload = mail();
      await plant.queue.enqueue('mail.send', payload);
      // A worker that takes it and is heard of no more: no lock is renewed.
      const dead = new StoreWorker('mail', () => Promise.resolve(), {
        ...plant.store.options,
        autorun: false,
        lockDuration: 500,
      });
      await dead.waitUntilReady();
      expect(await dead.getNextJob('of the dead')).toMatchObject({ data: payload });
      plant.workers.start();
      await plant.runs.until(() => plant.runs.of('mail.send').length === 1);
      expect(plant.runs.of('mail.send')[0]).toMatchObject({ payload });
      await dead.close(true);
    });
  }
});
