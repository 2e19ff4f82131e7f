import { EventEmitter } from 'node:events';
import { createLog } from '#kernel/observing/logger.js';
import type { BullBackend } from '../store/bull-backend.js';
import { BullJobQueue } from './bull-job-queue.js';

const mailId = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A backend whose store answers as it is told. */
class FakeBackend {
  readonly kind = 'redis';
  readonly added: { name: string; data: unknown; options: Record<string, unknown> }[] = [];
  asked = 0;
  answer: () => Promise<unknown> = () => Promise.resolve();
  private readonly listeners: (() => void)[] = [];

  queue = () =>
    Object.assign(new EventEmitter(), {
      add: async (name: string, data: unknown, options: Record<string, unknown>) => {
        this.asked += 1;
        await this.answer();
        this.added.push({ name, data, options });
      },
      close: () => this.answer(),
    });
  onReady = (listener: () => void) => this.listeners.push(listener);
  ready = () => this.listeners.forEach((listener) => listener());
  ping = () => this.answer();
  close = () => Promise.resolve();
}

describe('BullJobQueue', () => {
  let backend: FakeBackend;
  let queue: BullJobQueue;
  beforeEach(() => {
    backend = new FakeBackend();
    queue = new BullJobQueue(
      backend as unknown as BullBackend,
      createLog({ level: 'silent', format: 'json' }),
    );
  });
  const hang = () => new Promise(() => undefined);
  const timed = async (work: () => Promise<unknown>) => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };

  it('adds a job with tries, a delay and a key against doubles', async () => {
    expect(await queue.enqueue('mail.send', { mailId }, { delayMs: 5, dedupeKey: 'k' })).toBe(true);
    expect(backend.added).toMatchObject([
      { name: 'mail.send', data: { mailId }, options: { attempts: 5, delay: 5, deduplication: { id: 'k' } } },
    ]);
  });

  it('does not wait long for a store that hangs, nor at all the next times; and tries again when it is back', async () => {
    backend.answer = hang;
    expect(await timed(async () => expect(await queue.enqueue('tick', {})).toBe(false))).toBeLessThan(1_000);
    const many = async () => {
      for (let at = 0; at < 100; at++) expect(await queue.enqueue('tick', {})).toBe(false);
    };
    expect(await timed(many)).toBeLessThan(100);
    expect(backend.asked).toBe(1);
    backend.answer = () => Promise.resolve();
    expect(await queue.enqueue('tick', {})).toBe(false);
    backend.ready();
    expect(await queue.enqueue('tick', {})).toBe(true);
  });

  it('says no when the store refuses', async () => {
    backend.answer = () => Promise.reject(new Error('OOM command not allowed'));
    expect(await queue.enqueue('tick', {})).toBe(false);
  });

  it('throws for data that does not fit: that is the caller’s fault', async () => {
    await expect(queue.enqueue('mail.send', { mailId: 'x' })).rejects.toThrow();
    expect(backend.asked).toBe(0);
  });

  it('says within a time whether the store answers, and closes within one', async () => {
    await expect(queue.ping()).resolves.toBeUndefined();
    backend.answer = hang;
    await expect(queue.ping()).rejects.toThrow('no answer');
    expect(await timed(() => queue.close())).toBeLessThan(2_000);
  });
});
