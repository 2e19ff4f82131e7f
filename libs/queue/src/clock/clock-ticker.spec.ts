import { jest } from '@jest/globals';
import { ClockTicker } from './clock-ticker.js';
import { JobQueue } from '../jobs/job-queue.js';

class Refusing extends JobQueue {
  asked = 0;
  constructor(private readonly refusals: number) {
    super();
  }
  override enqueue(): Promise<boolean> {
    this.asked += 1;
    return Promise.resolve(this.asked > this.refusals);
  }
  override ping = () => Promise.resolve();
  override close = () => Promise.resolve();
}

describe('ClockTicker', () => {
  // Far from a full minute, which brings a tick of its own.
  beforeEach(() => jest.useFakeTimers({ now: new Date('2026-11-23T06:59:10Z') }));
  afterEach(() => jest.useRealTimers());

  it('ticks at the start and every minute', async () => {
    const queue = new Refusing(0);
    const ticker = new ClockTicker(queue);
    ticker.start();
    expect(queue.asked).toBe(1);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(queue.asked).toBe(3);
    ticker.stop();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(queue.asked).toBe(3);
  });

  it('ticks at full minutes, whenever it was started', async () => {
    jest.setSystemTime(new Date('2026-11-23T06:59:20Z'));
    const queue = new Refusing(0);
    const ticker = new ClockTicker(queue);
    ticker.start();
    await jest.advanceTimersByTimeAsync(39_999);
    expect(queue.asked).toBe(1);
    await jest.advanceTimersByTimeAsync(100);
    expect(queue.asked).toBe(2);
    ticker.stop();
  });

  it('does not wait for the next minute when the queue did not take it', async () => {
    const queue = new Refusing(2);
    const ticker = new ClockTicker(queue);
    ticker.start();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(queue.asked).toBe(3); // and then it was taken
    ticker.stop();
  });

  it('tries no more once stopped', async () => {
    const queue = new Refusing(9);
    const ticker = new ClockTicker(queue);
    ticker.start();
    await jest.advanceTimersByTimeAsync(0);
    ticker.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(queue.asked).toBe(1);
  });
});
