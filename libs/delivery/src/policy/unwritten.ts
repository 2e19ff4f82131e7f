import { WINDOW } from './policy-rules.js';

/** Keys remembered; the one that has waited longest is forgotten first. */
const MOST_KEYS = 20_000;

/**
 * Messages that were not refused for policy, by key, since the last one that was. They are written with the next
 * refusal: as long as there is none they cost nothing but this.
 */
export class Unwritten {
  private readonly counts = new Map<string, number>();

  add(key: string): void {
    const before = this.counts.get(key);
    if (before === undefined && this.counts.size >= MOST_KEYS) {
      const [oldest] = this.counts.keys();
      if (oldest !== undefined) this.counts.delete(oldest);
    }
    if (before !== WINDOW) this.counts.set(key, (before ?? 0) + 1);
  }

  /** @returns how many there were, up to the length of a window; from now on none */
  take(key: string): number {
    const count = this.counts.get(key) ?? 0;
    this.counts.delete(key);
    return count;
  }
}
