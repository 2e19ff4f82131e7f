import { classifyReply } from '#delivery/replies/classify-reply.js';
import type { ReplyClass } from '#delivery/replies/reply.js';
import { storableText } from '#kernel/input/storable-text.js';
import { scrub } from '#kernel/observing/scrub.js';
import type { ReturnedMail, ReturnedRecipient } from './returned-mail.js';

/** What a mail says of one recipient, and what that means. */
export interface UnderstoodRecipient extends Omit<ReturnedRecipient, 'text' | 'stage'> {
  /** What the words of its server mean; null: it is a complaint, whose words are a reader's. */
  class: ReplyClass | null;
  /** The words as they may be stored: addresses taken out, at most 500 characters. */
  reason: string;
}

/** A mail that came back, read and understood: all that strangers' words mean is known, and no words are left to be looked at. */
export interface UnderstoodMail extends Omit<ReturnedMail, 'recipients'> {
  recipients: UnderstoodRecipient[];
}

/** Characters of a reason. */
const LONGEST_REASON = 500;

/** Understands what is said of each recipient. Pure; it takes a good deal of time for a thousand of them. */
export function understoodMail(mail: ReturnedMail): UnderstoodMail {
  return { ...mail, recipients: mail.recipients.map((its) => understood(its, mail.kind === 'complaint')) };
}

function understood(
  { text, stage, ...told }: ReturnedRecipient,
  isOfComplaint: boolean,
): UnderstoodRecipient {
  const { code, status } = told;
  const read = classifyReply({ code, status, text, stage: stage ?? 'message' });
  return {
    ...told,
    status: read.status ?? status,
    class: isOfComplaint ? null : read.class,
    reason: storableText(scrub(text), LONGEST_REASON),
  };
}
