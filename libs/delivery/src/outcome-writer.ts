import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Writes what ends to the ledger, in bulk and in the background: what ends during one write is in the next. Each
 * outcome is written once; one write is under way at a time.
 */
export class OutcomeWriter<T> {
  private waiting: T[] = [];
  private background: Promise<void> | undefined;

  /**
   * @param write writes some, all or nothing
   * @param onFailure hears why a write in the background failed; its outcomes wait for {@link flush}
   */
  constructor(
    private readonly write: (outcomes: T[]) => Promise<void>,
    private readonly onFailure: (error: unknown) => void,
  ) {}

  add(outcome: T): void {
    this.waiting.push(outcome);
    this.background ??= this.writeInBackground();
  }

  /** Resolves when everything added is written. @throws what stands in the way, after one more try */
  async flush(): Promise<void> {
    while (this.background) await this.background;
    while (this.waiting.length > 0) await this.writeWaiting();
  }

  private async writeInBackground(): Promise<void> {
    try {
      await nextTurn(); // what ends in the same turn is written together
      while (this.waiting.length > 0) await this.writeWaiting();
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.background = undefined;
    }
  }

  private async writeWaiting(): Promise<void> {
    const outcomes = this.waiting.splice(0);
    try {
      await this.write(outcomes);
    } catch (error) {
      this.waiting.unshift(...outcomes);
      throw error;
    }
  }
}
