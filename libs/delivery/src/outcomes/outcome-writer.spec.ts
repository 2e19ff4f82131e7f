import { jest } from '@jest/globals';
import { OutcomeWriter } from './outcome-writer.js';

/** A ledger whose writes the test lets through one by one. */
class SlowLedger {
  readonly written: number[][] = [];
  private readonly waiting: ((error?: Error) => void)[] = [];
  private readonly asked: (() => void)[] = [];
  underWay = 0;
  most = 0;

  write = async (outcomes: number[]): Promise<void> => {
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiting.push((error) => (error ? reject(error) : resolve()));
        this.asked.shift()?.();
      });
      this.written.push(outcomes);
    } finally {
      this.underWay -= 1;
    }
  };

  /** Ends the write that is under way, or the next one. */
  async next(error?: Error): Promise<void> {
    if (this.waiting.length === 0) await new Promise<void>((resolve) => this.asked.push(resolve));
    this.waiting.shift()?.(error);
  }
}

const unexpected = (error: unknown) => {
  throw error;
};

describe('OutcomeWriter', () => {
  it('writes what ends together at once, and what ends during a write in the next', async () => {
    const ledger = new SlowLedger();
    const writer = new OutcomeWriter(ledger.write, unexpected);
    writer.add(1);
    writer.add(2);
    await ledger.next();
    writer.add(3);
    writer.add(4);
    await ledger.next();
    await writer.flush();
    expect(ledger.written).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('has nothing under way when it says that all is written', async () => {
    const ledger = new SlowLedger();
    const writer = new OutcomeWriter(ledger.write, unexpected);
    writer.add(1);
    const first = ledger.next();
    await first;
    writer.add(2); // ends while the first is written: in a write of its own
    let flushed = false;
    const flushing = writer.flush().then(() => (flushed = true));
    await Promise.all([first, Promise.resolve()]);
    expect(flushed).toBe(false);
    await ledger.next();
    await flushing;
    expect(ledger.underWay).toBe(0);
    expect(ledger.written.flat().sort()).toEqual([1, 2]);
    expect(ledger.most).toBe(1);
  });

  it('says that a write in the background failed, and writes the same again when flushed', async () => {
    const ledger = new SlowLedger();
    const failures: unknown[] = [];
    const writer = new OutcomeWriter(ledger.write, (error) => failures.push(error));
    writer.add(1);
    await ledger.next(new Error('down'));
    writer.add(2);
    const flushing = writer.flush();
    await ledger.next();
    await flushing;
    expect(failures).toMatchObject([{ message: 'down' }]);
    expect(ledger.written.flat()).toEqual([1, 2]);
  });

  it('throws when flushed in vain, and has lost nothing', async () => {
    const ledger = new SlowLedger();
    const writer = new OutcomeWriter(ledger.write, () => undefined);
    writer.add(1);
    await ledger.next(new Error('down'));
    const vain = writer.flush();
    await ledger.next(new Error('down for good'));
    await expect(vain).rejects.toThrow('down for good');
    const flushing = writer.flush();
    await ledger.next();
    await flushing;
    expect(ledger.written).toEqual([[1]]);
  });

  it('waits for more, but neither when there are enough nor when it is flushed', async () => {
    jest.useFakeTimers(); // and time stands still
    try {
      const ledger = new SlowLedger();
      const writer = new OutcomeWriter(ledger.write, unexpected);
      const many = Array.from({ length: 300 }, (_, i) => i);
      for (const one of many) writer.add(one);
      await ledger.next();
      writer.add(300);
      const flushing = writer.flush();
      await ledger.next();
      await flushing;
      expect(ledger.written).toEqual([many, [300]]);
      writer.add(301);
      await Promise.resolve();
      expect(ledger.underWay).toBe(0);
      await jest.advanceTimersByTimeAsync(100);
      expect(ledger.underWay).toBe(1);
      await ledger.next();
    } finally {
      jest.useRealTimers();
    }
  });

  it('has nothing to do when nothing was added', async () => {
    await expect(new OutcomeWriter<number>(unexpected, unexpected).flush()).resolves.toBeUndefined();
  });
});
