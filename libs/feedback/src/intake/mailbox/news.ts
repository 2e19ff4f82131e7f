/** Told by the server that there is something to look at. */
export class News {
  private isThere = false;
  private wake: (() => void) | undefined;

  tell(): void {
    this.isThere = true;
    this.wake?.();
  }

  /** What is told from now on is news. */
  read(): void {
    this.isThere = false;
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (this.isThere || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        this.wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      this.wake = end;
    });
  }
}
