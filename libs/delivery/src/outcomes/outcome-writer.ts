/**
 * How long an outcome waits for others to be written with it. A write costs the database a commit, however many are in
 * it; an outcome that waits is in the journal, and 100 ms is no wait for whoever looks at the counts.
 */
const GATHER_MS = 100;
/** So many wait for no more: the statement stays small. */
const ENOUGH = 250;

/**
 * Writes what ends to the ledger, in bulk and in the background: what ends within a tenth of a second, or during one
 * write, is written together. Each outcome is written once; one write is under way at a time.
 */
export class OutcomeWriter<T> {
  private waiting: T[] = [];
  private background: Promise<void> | undefined;
  private flushing = false;
  /** Ends the gathering before its time. */
  private hurry = (): void => undefined;

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
    if (this.waiting.length >= ENOUGH) this.hurry();
    this.background ??= this.writeInBackground();
  }

  /** Resolves when everything added is written. @throws what stands in the way, after one more try */
  async flush(): Promise<void> {
    this.flushing = true;
    this.hurry();
    try {
      while (this.background) await this.background;
      while (this.waiting.length > 0) await this.writeWaiting();
    } finally {
      this.flushing = false;
    }
  }

  private async writeInBackground(): Promise<void> {
    try {
      while (this.waiting.length > 0) {
        await this.gather();
        await this.writeWaiting();
      }
    } catch (error) {
      this.onFailure(error);
    } finally {
      this.background = undefined;
    }
  }

  private gather(): Promise<void> {
    if (this.flushing || this.waiting.length >= ENOUGH) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, GATHER_MS);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
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
