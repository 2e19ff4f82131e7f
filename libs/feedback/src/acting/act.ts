import type { StoredReturnResult } from '#database/schema/index.js';
import type { UnderstoodMail, UnderstoodRecipient } from '../reading/understood-mail.js';
import { normalised } from './readers.repository.js';
import type { Subject } from './subject-finder.js';

/** What is found of one recipient, before anything is done. */
export interface Finding {
  /** The address that failed or complained; null: it was not told. */
  recipient: string | null;
  class: 'hard' | 'soft' | 'blocked' | null;
  code: number | null;
  status: string | null;
  reason: string;
  /** A message of ours to this reader is named: what is found is acted on. */
  isProved: boolean;
  /** It is still being tried. */
  isDelayed: boolean;
}

/** Recipients of one mail that are looked at, and the one it is proved of: each message of ours has one. */
const MOST_RECIPIENTS = 100;

/** A result as it is answered: with the address, which is stored nowhere. */
export interface ReturnResult extends StoredReturnResult {
  recipient: string | null;
}

/** What a bounce says of each recipient it names, and of which of them it is proved. */
export function findingsOf(mail: UnderstoodMail, subject: Subject | null): Finding[] {
  const isTold = ({ action }: UnderstoodRecipient) => action === 'failed' || action === 'delayed';
  const told = mail.kind === 'complaint' ? mail.recipients : mail.recipients.filter(isTold);
  const proved = whoIsMeant(told, subject);
  const looked = told.filter((its, at) => at < MOST_RECIPIENTS || its === proved);
  const findings = looked.map((recipient) => findingOf(recipient, recipient === proved));
  // What is about a message of ours without a recipient is about whom it was for.
  if (findings.length > 0 || !subject) return findings;
  return [
    {
      recipient: subject.email,
      class: null,
      code: null,
      status: null,
      reason: '',
      isProved: true,
      isDelayed: false,
    },
  ];
}

function findingOf(its: UnderstoodRecipient, isProved: boolean): Finding {
  const { address, finalAddress, action, code, status, reason } = its;
  return {
    recipient: finalAddress ?? address,
    // A mail that says it failed has failed, whatever the words.
    class: its.class === 'none' ? 'soft' : its.class,
    code,
    status,
    reason,
    isProved,
    isDelayed: action === 'delayed',
  };
}

/**
 * The recipient that the message we know of was for: whose address it is, or who else it was sent on to; or the only one there is,
 * where servers tell another address than we wrote to.
 */
function whoIsMeant(
  told: readonly UnderstoodRecipient[],
  subject: Subject | null,
): UnderstoodRecipient | undefined {
  if (!subject) return undefined;
  const is = (address: string | null) => address !== null && normalised(address) === subject.email;
  return (
    told.find(({ address }) => is(address)) ??
    told.find(({ finalAddress }) => is(finalAddress)) ??
    (told.length === 1 && subject.isCertain ? told[0] : undefined)
  );
}
