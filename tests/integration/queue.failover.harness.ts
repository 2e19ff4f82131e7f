import { isDeepStrictEqual } from 'node:util';
import { newId } from '#kernel/ids.js';
import { makeStore, type TestStore } from '../support/stores.js';
import { eventually } from '../support/wait-for.js';
import { gate } from './delivery.harness.js';
import { Plant } from './queue.harness.js';

/** Redis on several servers, one of which can fail. */
export interface FailingRedis {
  url: string;
  /** Does away with the master of the queue and waits until a replica has taken over. */
  failOver(how?: 'kill' | 'freeze'): Promise<void>;
  killAll(): Promise<void>;
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

/** What holds for the queue on any kind of Redis that outlives its master; call it inside a `describe`. */
export function outlivesItsMaster(start: () => Promise<FailingRedis>): void {
  let redis: FailingRedis;
  let store: TestStore;
  const plants: Plant[] = [];
  beforeAll(async () => {
    store = await makeStore('postgres');
  });
  beforeEach(async () => {
    redis = await start();
  });
  afterEach(async () => {
    for (const plant of plants.splice(0)) await plant.close();
    await redis.stop();
  });
  afterAll(() => store.remove());

  const open = async (config: object = {}) => {
    const plant = await Plant.open(await store.open(), { redisUrl: redis.url, ...config });
    plants.push(plant);
    return plant;
  };
  const mail = () => ({ mailId: newId() });
  const has = (plant: Plant, job: string, payload: unknown) =>
    plant.runs.of(job).some((run) => isDeepStrictEqual(run.payload, payload));
  const noAnswer = (plant: Plant) =>
    eventually(() =>
      plant.queue.ping().then(
        () => false,
        () => true,
      ),
    );
  const timed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };

  it('runs jobs once, delayed ones late, doubles not, on two workers', async () => {
    const [one, two] = [await open(), await open()];
    const held = gate();
    one.runs.act = two.runs.act = () => held.opened;
    one.workers.start();
    two.workers.start();
    const payloads = Array.from({ length: 40 }, mail);
    const from = Date.now();
    await one.queue.enqueue('mail.send', mail(), { delayMs: 700, dedupeKey: 'late' });
    for (const payload of payloads) {
      await one.queue.enqueue('mail.send', payload, { dedupeKey: payload.mailId });
      await two.queue.enqueue('mail.send', payload, { dedupeKey: payload.mailId });
    }
    held.open();
    const all = () => [...one.runs.of('mail.send'), ...two.runs.of('mail.send')];
    await eventually(() => all().length >= 41);
    expect(Date.now() - from).toBeGreaterThanOrEqual(690);
    expect(new Set(all().map((run) => (run.payload as { mailId: string }).mailId)).size).toBe(41);
    expect(one.runs.of('mail.send').length).toBeGreaterThan(0);
    expect(two.runs.of('mail.send').length).toBeGreaterThan(0);
    await one.queue.ping();
  });

  it.each(['kill', 'freeze'] as const)(
    'goes on by itself on the replica after its master fails (%s), and ticks, for something may be lost',
    async (how) => {
      const plant = await open();
      plant.workers.start();
      await plant.runs.until(() => plant.runs.ticks.length >= 2);
      const ticks = plant.runs.ticks.length;
      const over = redis.failOver(how);
      await noAnswer(plant);
      expect(await timed(() => plant.queue.enqueue('mail.send', mail()))).toBeLessThan(1_000);
      await over;
      await plant.runs.until(() => plant.runs.ticks.length > ticks);
      await eventually(() => plant.queue.ping().then(() => true));
      const payload = mail();
      await eventually(() => plant.queue.enqueue('mail.send', payload));
      await eventually(() => has(plant, 'mail.send', payload));
      if (how === 'kill') {
        await eventually(() => plant.logs.some((line) => line.includes('Redis answers again')));
        expect(plant.logs.some((line) => line.includes('Redis does not answer'))).toBe(true);
      }
    },
  );

  it('finishes a job that ran through the failover', async () => {
    const plant = await open();
    const held = gate();
    plant.runs.act = () => held.opened;
    plant.workers.start();
    await plant.queue.enqueue('edition.prepare', { editionId: newId() });
    await plant.runs.until(() => plant.runs.of('edition.prepare').length === 1);
    const over = redis.failOver();
    held.open();
    await over;
    const next = { editionId: newId() };
    await eventually(() => plant.queue.enqueue('edition.prepare', next));
    await eventually(() => has(plant, 'edition.prepare', next), { timeoutMs: 20_000 });
  });

  it('stops soon, in order, when all of it is gone; starts while it is gone, works when it is back', async () => {
    const plant = await open();
    plant.workers.start();
    await plant.runs.until(() => plant.runs.ticks.length >= 2);
    await redis.killAll();
    await noAnswer(plant);
    expect(await timed(() => plant.close())).toBeLessThan(5_000);

    const early = await open();
    early.workers.start();
    expect(await early.queue.enqueue('mail.send', mail())).toBe(false);
    await expect(early.queue.ping()).rejects.toThrow();
    const unborn = await open();
    unborn.workers.start();
    expect(await timed(() => unborn.close())).toBeLessThan(5_000);
    await redis.startAgain();
    await early.runs.until(() => early.runs.ticks.length >= 2);
    await eventually(() => early.queue.enqueue('mail.send', mail()));
    await early.runs.until(() => early.runs.of('mail.send').length >= 1);
  });
}
