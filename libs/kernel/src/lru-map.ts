/** A map that keeps only the entries used last. */
export class LruMap<K, V> {
  private readonly entries = new Map<K, V>();

  /** @param most entries it keeps */
  constructor(private readonly most: number) {}

  /** The value of a key, which is then the one used last. */
  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Sets a key, and drops the entry not used for longest when there are too many. */
  set(key: K, value: V): void {
    // Taken out and put back: the first of a map is then the one not used for longest.
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.most) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }

  delete(key: K): void {
    this.entries.delete(key);
  }
}
