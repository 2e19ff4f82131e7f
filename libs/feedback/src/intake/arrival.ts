/** How long is looked at to tell how fast something comes, ms: a lost packet costs a sender a second or two. */
const WINDOW_MS = 10_000;
/** Bytes a second below which a mail is slow: 20 MB in five minutes. */
const SLOW_RATE = 64 * 1024;

/** One mail on its way in: what is held of it, and whether it comes slowly. Times are milliseconds of one clock that never goes back. */
export class Arrival {
  bytes = 0;
  private inWindow = 0;
  private wasSlow = false;

  constructor(private windowSince: number) {}

  /** So many bytes more are held. */
  came(bytes: number, now: number): void {
    if (now - this.windowSince >= WINDOW_MS) {
      this.wasSlow = this.isBelowRate(now);
      this.windowSince = now;
      this.inWindow = 0;
    }
    this.bytes += bytes;
    this.inWindow += bytes;
  }

  /** Whether it came too slowly in the last window that was whole; nobody is judged by less. */
  isSlow(now: number): boolean {
    return now - this.windowSince >= WINDOW_MS ? this.isBelowRate(now) : this.wasSlow;
  }

  private isBelowRate(now: number): boolean {
    return (this.inWindow * 1_000) / (now - this.windowSince) < SLOW_RATE;
  }
}
