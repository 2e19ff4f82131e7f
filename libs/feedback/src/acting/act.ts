import type { StoredReturnResult } from '#database/schema/index.js';
import { classifyReply } from '#delivery/replies/classify-reply.js';
import { storableText } from '#kernel/input/storable-text.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { ReturnedMail, ReturnedRecipient } from '../reading/returned-mail.js';
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
/** Characters of a reason. */
const LONGEST_REASON = 500;

/** A result as it is answered: with the address, which is stored nowhere. */
export interface ReturnResult extends StoredReturnResult {
  recipient: string | null;
}

/** What a bounce says of each recipient it names, and of which of them it is proved. */
export function findingsOf(mail: ReturnedMail, subject: Subject | null): Finding[] {
  const isTold = ({ action }: ReturnedRecipient) => action === 'failed' || action === 'delayed';
  const told = mail.kind === 'complaint' ? mail.recipients : mail.recipients.filter(isTold);
  const proved = whoIsMeant(told, subject);
  const looked = told.filter((its, at) => at < MOST_RECIPIENTS || its === proved);
  const findings = looked.map((recipient) => findingOf(mail, recipient, recipient === proved));
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

function findingOf(mail: ReturnedMail, recipient: ReturnedRecipient, isProved: boolean): Finding {
  const { address, finalAddress, action, code, status, text, stage } = recipient;
  const read = classifyReply({ code, status, text, stage: stage ?? 'message' });
  return {
    recipient: finalAddress ?? address,
    // A mail that says it failed has failed, whatever the words.
    class: mail.kind === 'complaint' ? null : read.class === 'none' ? 'soft' : read.class,
    code,
    status: read.status ?? status,
    reason: storableText(scrub(text), LONGEST_REASON),
    isProved,
    isDelayed: action === 'delayed',
  };
}

/**
 * The recipient that the message we know of was for: whose address it is, or who else it was sent on to; or the only one there is,
 * where servers tell another address than we wrote to.
 */
function whoIsMeant(
  told: readonly ReturnedRecipient[],
  subject: Subject | null,
): ReturnedRecipient | undefined {
  if (!subject) return undefined;
  const is = (address: string | null) => address !== null && normalised(address) === subject.email;
  return (
    told.find(({ address }) => is(address)) ??
    told.find(({ finalAddress }) => is(finalAddress)) ??
    (told.length === 1 && subject.isCertain ? told[0] : undefined)
  );
}
