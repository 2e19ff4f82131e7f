/** What is remembered of mails in a folder, across connections to it. Gone with this process: then such a mail is looked at anew. */
export class UidNotes<T> {
  private readonly notes = new Map<number, T>();
  private validity = '';

  /** The folder has been opened. UIDs of another validity name other mails (RFC 3501 §2.3.1.1). */
  opened(uidValidity: bigint): void {
    if (this.validity !== String(uidValidity)) this.notes.clear();
    this.validity = String(uidValidity);
  }

  /** Forgets those that are gone. @param there UIDs that the folder has */
  keep(there: readonly number[]): void {
    const known = new Set(there);
    for (const uid of this.notes.keys()) if (!known.has(uid)) this.notes.delete(uid);
  }

  get size(): number {
    return this.notes.size;
  }

  has(uid: number): boolean {
    return this.notes.has(uid);
  }

  get(uid: number): T | undefined {
    return this.notes.get(uid);
  }

  set(uids: readonly number[], note: T): void {
    for (const uid of uids) this.notes.set(uid, note);
  }

  forget(uids: readonly number[]): void {
    for (const uid of uids) this.notes.delete(uid);
  }

  /** UIDs by what is noted of them. */
  byNote(): Map<T, number[]> {
    const found = new Map<T, number[]>();
    for (const [uid, note] of this.notes) {
      const uids = found.get(note);
      if (uids) uids.push(uid);
      else found.set(note, [uid]);
    }
    return found;
  }
}
