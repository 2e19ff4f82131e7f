import type { EventKind, Verdict } from '../../hook.js';

/** What a bounce of SES is, by its sub type, where that says more than its type. */
const BY_SUB_TYPE: Record<string, { kind: EventKind; verdict: Verdict }> = {
  MailboxFull: { kind: 'bounce', verdict: 'soft' },
  CustomTimeoutExceeded: { kind: 'bounce', verdict: 'soft' },
  MessageTooLarge: { kind: 'bounce', verdict: 'blocked' },
  ContentRejected: { kind: 'bounce', verdict: 'blocked' },
  AttachmentRejected: { kind: 'bounce', verdict: 'blocked' },
  // On a list of SES's, or of the account's: it bounced hard before, and SES does not try again.
  Suppressed: { kind: 'bounce', verdict: 'hard' },
  OnAccountSuppressionList: { kind: 'bounce', verdict: 'hard' },
  UnsubscribedRecipient: { kind: 'unsubscribe', verdict: 'hard' },
};
const BY_TYPE: Record<string, Verdict> = { Permanent: 'hard', Transient: 'soft' };

/**
 * What a bounce of SES is, and of those who send through it. `Undetermined` is left to the words of the reply.
 * https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html#bounce-types
 */
export function sesBounce(
  type: string | undefined,
  subType: string | undefined,
): { kind: EventKind; verdict: Verdict | null } {
  return BY_SUB_TYPE[subType ?? ''] ?? { kind: 'bounce', verdict: BY_TYPE[type ?? ''] ?? null };
}
