import type { FeedbackEvent, ReturnedMessage } from '../api/types';

/** What came back, in words; the order of the filter. */
export const KINDS: Record<ReturnedMessage['kind'], string> = {
  bounce: 'bounce',
  complaint: 'complaint',
  unsubscribe: 'unsubscribe',
  delayed: 'delay',
  auto_reply: 'automatic answer',
  dmarc_report: 'DMARC report',
  tls_report: 'TLS report',
  other: 'something else',
};

export type BounceClass = 'hard' | 'soft' | 'blocked';

/** What a class of bounce says. */
export const CLASSES: Record<BounceClass, string> = {
  hard: 'hard: the address is dead',
  soft: 'soft: it may work later',
  blocked: 'blocked: it is about us',
};

type Action = ReturnedMessage['results'][number]['action'];

/** What follows for the reader. */
export const ACTIONS: Record<Action, string> = {
  suppressed: 'The address is suppressed: it is mailed no more.',
  rested: 'The reader is left alone for a while.',
  unsubscribed: 'The reader is unsubscribed.',
  counted: 'It is counted; nothing changes for the reader.',
  none: 'Nothing.',
};

/** How it came. */
export const WAYS: Record<string, string> = {
  dialogue: 'said while sending',
  page: 'on the site',
  smtp: 'by mail, received',
  imap: 'by mail, from the mailbox',
  api: 'by the API',
  hook: 'by the provider’s webhook',
};

export function kindOf(kind: string): string {
  return (KINDS as Record<string, string>)[kind] ?? kind;
}

/** Bounces that were noted before there were classes are of dead addresses. */
export function classOf({ kind, class: its }: Pick<FeedbackEvent, 'kind' | 'class'>): string | null {
  return its ?? (kind === 'bounce' ? 'hard' : null);
}
