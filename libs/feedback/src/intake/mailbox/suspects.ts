import { UidNotes } from './uid-notes.js';

/** Tries of one mail. One may end for a reason that has nothing to do with it; so many do not. */
const MOST_TRIES = 5;

/** Mails of a mailbox that could not be taken, for what they are: each is tried a few times, alone, and then no more. */
export class Suspects extends UidNotes<number> {
  /** It could not be taken once more. @returns whether that was the last try */
  failed(uid: number): boolean {
    const tries = (this.get(uid) ?? 0) + 1;
    this.set([uid], tries);
    return tries >= MOST_TRIES;
  }
}
