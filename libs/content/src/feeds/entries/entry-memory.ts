/** Why an entry was not taken as it is. `limited`: a limit ended its reading; `broken`: only characters were lost. */
export type Refusal = 'unusable' | 'limited' | 'broken';

/** How often an entry is tried whose reading a limit ends: a machine may have been too busy for it. */
const MAX_TRIES = 3;

/** What the row of an entry (`feed_entry.contentHash`) knows of its content. */
export interface EntryMemory {
  /** Hash of what was taken last; null: nothing ever was. */
  taken: string | null;
  /** What came after it and was not taken. */
  refused: { hash: string; as: Refusal; tries: number } | null;
}

/** Hashes are base64url: a space parts them from what is said of them. */
export function memoryOf(column: string): EntryMemory {
  const [taken = '', as, tries, hash] = column.split(' ');
  const refused = hash === undefined ? null : { hash, as: as as Refusal, tries: Number(tries) };
  return { taken: taken === '' ? null : taken, refused };
}

/** The same with a refusal, as the row has it. @param column of the row that there is */
export function refusedIn(column: string | undefined, hash: string, as: Refusal): string {
  const { taken, refused } = memoryOf(column ?? '');
  const tries = refused?.hash === hash && refused.as === as ? refused.tries + 1 : 1;
  return `${taken ?? ''} ${as} ${tries} ${hash}`;
}

/** Whether this content was refused, and is to be tried again. */
export function isRetry({ refused }: EntryMemory, hash: string): boolean {
  return refused?.hash === hash && refused.as === 'limited' && refused.tries < MAX_TRIES;
}

/** Why this content is not tried again; null: it is. */
export function refusalOf(memory: EntryMemory, hash: string): Refusal | null {
  return memory.refused?.hash === hash && !isRetry(memory, hash) ? memory.refused.as : null;
}
