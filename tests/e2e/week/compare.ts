import type { ExpectedMail, Outcome } from './oracle.js';
import type { ReceivedMail } from './received.js';

export interface Differences {
  /** What a reader was to get, in all the ways in which it could have been right. */
  missing: Outcome[][];
  unexpected: ReceivedMail[];
}

const faceOf = ({ email, kind, digest, titles }: ExpectedMail | ReceivedMail) =>
  JSON.stringify([email, kind, digest, titles]);

/** Holds what was received against what was expected, reader by reader, and notes what came true. */
export function compare(expected: Iterable<Outcome[]>, received: readonly ReceivedMail[]): Differences {
  const open = new Map<string, ReceivedMail[]>();
  for (const mail of received) open.set(mail.email, [...(open.get(mail.email) ?? []), mail]);
  const missing: Outcome[][] = [];
  for (const outcomes of expected) {
    const email = outcomes[0]?.mails[0]?.email ?? '';
    const came = (open.get(email) ?? []).map(faceOf).sort().join();
    const right = outcomes.find(({ mails }) => mails.map(faceOf).sort().join() === came);
    if (!right) {
      missing.push(outcomes);
      continue;
    }
    right.accept();
    open.delete(email);
  }
  return { missing, unexpected: [...open.values()].flat() };
}
