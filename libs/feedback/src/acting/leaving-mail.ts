import type { UnderstoodMail } from '../reading/understood-mail.js';

/**
 * Reads a mail by the address it was sent to. Whatever a person writes to the address of `List-Unsubscribe` asks to leave, whoever they
 * are and whatever they write: that they have the address proves it, as it does of the link. What a machine sends there asks nothing.
 * @param hasNullSender the envelope's sender was empty, as of reports (RFC 5321 §4.5.5)
 */
export function asSentTo(
  mail: UnderstoodMail,
  { isToLeave, hasNullSender }: { isToLeave: boolean; hasNullSender: boolean },
): UnderstoodMail {
  const isUnread = mail.note !== null || mail.complaint !== null;
  if (mail.kind !== 'other' || !isToLeave || isUnread || mail.isFromMachine || hasNullSender) return mail;
  return { ...mail, kind: 'unsubscribe' };
}
