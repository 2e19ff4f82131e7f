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
  const proved = whoIsMeant(mail, told, subject);
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
 * The recipient that the message we know of was for: whose address it is, or who else it was sent on to. If it is none of them, our reader
 * has mail sent on to others, or the server tells another address than we wrote to: then the mildest of what is said.
 */
function whoIsMeant(
  { kind, recipients }: UnderstoodMail,
  told: readonly UnderstoodRecipient[],
  subject: Subject | null,
): UnderstoodRecipient | undefined {
  if (!subject) return undefined;
  const is = (address: string | null) => address !== null && normalised(address) === subject.email;
  const named = told.find(({ address }) => is(address)) ?? told.find(({ finalAddress }) => is(finalAddress));
  if (named || !subject.isCertain) return named;
  if (kind === 'complaint') return told.length === 1 ? told[0] : undefined;
  // It arrived somewhere: the reader may well have got it.
  if (recipients.some(({ action }) => ARRIVED.includes(action))) return undefined;
  return [...told].sort((a, b) => harshness(a) - harshness(b))[0];
}

const ARRIVED: readonly UnderstoodRecipient['action'][] = ['delivered', 'relayed', 'expanded'];

/** By what follows for the reader; what nobody understands is soft. */
const HARSHNESS = { blocked: 1, none: 2, soft: 2, hard: 3 };

function harshness({ action, class: its }: UnderstoodRecipient): number {
  return action === 'delayed' ? 0 : HARSHNESS[its ?? 'none'];
}
