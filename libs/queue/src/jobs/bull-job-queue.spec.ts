import { EventEmitter } from 'node:events';
import type { Queue } from 'bullmq';
import { createLog } from '#kernel/observing/logger.js';
import type { QueueStore } from '../store/queue-store.js';
import { BullJobQueue } from './bull-job-queue.js';
import { QUEUES } from './jobs.js';

const mailId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A store that answers as it is told, with its queues. */
class FakeStore {
  readonly added: { name: string; data: unknown; options: Record<string, unknown> }[] = [];
  readonly closed: string[] = [];
  asked = 0;
  patienceMs = 300;
  answer: () => Promise<unknown> = () => Promise.resolve();
  private readonly listeners: (() => void)[] = [];

  queue = (queue: string) =>
    Object.assign(new EventEmitter(), {
      name: queue,
      add: async (name: string, data: unknown, options: Record<string, unknown>) => {
        this.asked += 1;
        await this.answer();
        this.added.push({ name, data, options });
      },
      close: () => Promise.resolve(void this.closed.push(queue)),
    });
  onReady = (listener: () => void) => this.listeners.push(listener);
  ready = () => this.listeners.forEach((listener) => listener());
  ping = () => this.answer();
  close = () => Promise.resolve(void this.closed.push('the store'));
}

describe('BullJobQueue', () => {
  let store: FakeStore;
  let queue: BullJobQueue;
  beforeEach(() => {
    store = new FakeStore();
    queue = queueOn({});
  });
  const queueOn = (differently: Partial<QueueStore>) =>
    new BullJobQueue(
      Object.assign(Object.create(store) as QueueStore, differently),
      createLog({ level: 'silent', format: 'json' }),
      QUEUES.map((name) => store.queue(name) as unknown as Queue),
    );
  const hang = () => new Promise(() => undefined);
  const timed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };

  it('adds a job with a delay and a key against doubles', async () => {
    expect(await queue.enqueue('mail.send', { mailId }, { delayMs: 5, dedupeKey: 'k' })).toBe(true);
    expect(store.added).toMatchObject([
      { name: 'mail.send', data: { mailId }, options: { delay: 5, deduplication: { id: 'k' } } },
    ]);
  });

  it('waits as long as its store asks for', async () => {
    store.answer = hang;
    const short = await timed(() => queue.enqueue('mail.send', { mailId }));
    queue = queueOn({ patienceMs: 3 * store.patienceMs });
    expect(await timed(() => queue.enqueue('mail.send', { mailId }))).toBeGreaterThan(
      short + store.patienceMs,
    );
  });

  it('does not wait long for a store that hangs, nor at all the next times; and tries again when it is back', async () => {
    store.answer = hang;
    expect(await timed(async () => expect(await queue.enqueue('tick', {})).toBe(false))).toBeLessThan(1_000);
    const many = async () => {
      for (let at = 0; at < 100; at++) expect(await queue.enqueue('tick', {})).toBe(false);
    };
    expect(await timed(many)).toBeLessThan(100);
    expect(store.asked).toBe(1);
    store.answer = () => Promise.resolve();
    expect(await queue.enqueue('tick', {})).toBe(false);
    store.ready();
    expect(await queue.enqueue('tick', {})).toBe(true);
  });

  it('says no when the store refuses', async () => {
    store.answer = () => Promise.reject(new Error('OOM command not allowed'));
    expect(await queue.enqueue('tick', {})).toBe(false);
  });

  it('throws for data that does not fit: that is the caller’s fault', async () => {
    await expect(queue.enqueue('mail.send', { mailId: 'x' })).rejects.toThrow();
    expect(store.asked).toBe(0);
  });

  it('says within a time whether the store answers, and closes it after its queues', async () => {
    await expect(queue.ping()).resolves.toBeUndefined();
    store.answer = hang;
    await expect(queue.ping()).rejects.toThrow('no answer');
    await queue.close();
    expect(store.closed).toEqual([...QUEUES, 'the store']);
  });
});
