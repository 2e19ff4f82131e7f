/** Tries of one mail. One may end for a reason that has nothing to do with it; so many do not. */
const MOST_TRIES = 5;

/** Mails of a mailbox that could not be taken, for what they are: each is tried a few times, alone, and then no more. */
export class Suspects {
  private readonly tries = new Map<string, number>();
  private validity = '';

  /** A folder has been opened. UIDs of another validity name other mails (RFC 3501 §2.3.1.1). */
  opened(uidValidity: bigint): void {
    if (this.validity !== String(uidValidity)) this.tries.clear();
    this.validity = String(uidValidity);
  }

  has(uid: number): boolean {
    return this.tries.has(String(uid));
  }

  /** Forgets those that are gone. @param there UIDs that the folder has */
  keep(there: readonly number[]): void {
    const known = new Set(there.map(String));
    for (const uid of this.tries.keys()) if (!known.has(uid)) this.tries.delete(uid);
  }

  /** It could not be taken once more. @returns whether that was the last try */
  failed(uid: number): boolean {
    const tries = (this.tries.get(String(uid)) ?? 0) + 1;
    this.tries.set(String(uid), tries);
    return tries >= MOST_TRIES;
  }
}
