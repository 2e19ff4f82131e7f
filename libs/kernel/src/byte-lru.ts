/** Keeps the values used last, as many as fit into a number of bytes. */
export class ByteLru<V> {
  private readonly entries = new Map<string, { value: V; bytes: number }>();
  private used = 0;

  /** @param most bytes of all that it keeps; a single value may have a quarter of them */
  constructor(private readonly most: number) {}

  /** Bytes of what it keeps, as they were given. */
  get bytes(): number {
    return this.used;
  }

  /** The value of a key, which is then the one used last. */
  get(key: string): V | undefined {
    const found = this.entries.get(key);
    if (!found) return undefined;
    // Taken out and put back: the first of a map is then the one not used for longest.
    this.entries.delete(key);
    this.entries.set(key, found);
    return found.value;
  }

  /** Keeps a value, and drops those not used for longest until all fit. One that is too large is not kept. */
  set(key: string, value: V, bytes: number): void {
    this.used -= this.entries.get(key)?.bytes ?? 0;
    this.entries.delete(key);
    if (bytes > this.most / 4) return;
    this.entries.set(key, { value, bytes });
    this.used += bytes;
    for (const [oldest, dropped] of this.entries) {
      if (this.used <= this.most) return;
      this.entries.delete(oldest);
      this.used -= dropped.bytes;
    }
  }
}
