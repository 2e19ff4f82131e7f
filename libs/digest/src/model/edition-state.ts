import type { EditionStatus } from '#database/schema/index.js';

/** What can happen to an edition. */
export const EDITION_EVENTS = {
  /** An operator says when. */
  schedule: { from: ['draft', 'scheduled'], to: 'scheduled' },
  /** An operator takes the time back. */
  unschedule: { from: ['draft', 'scheduled'], to: 'draft' },
  /** An operator says now, or the clock says that it is time. */
  send: { from: ['draft', 'scheduled'], to: 'preparing' },
  /** Its audience is frozen (libs/delivery). */
  freeze: { from: ['preparing'], to: 'sending' },
  /** An operator or a breaker stops it. */
  pause: { from: ['preparing', 'sending'], to: 'paused' },
  /** Back to sending, or to preparing when it was stopped before it was frozen. */
  resume: { from: ['paused'], to: 'sending' },
  /** No row of its ledger is open (libs/delivery). */
  finish: { from: ['sending'], to: 'sent' },
  cancel: { from: ['draft', 'scheduled', 'preparing', 'sending', 'paused'], to: 'cancelled' },
  /** It can not be sent as it is (libs/delivery). */
  fail: { from: ['preparing', 'sending', 'paused'], to: 'failed' },
} as const satisfies Record<string, { from: readonly EditionStatus[]; to: EditionStatus }>;

export type EditionEvent = keyof typeof EDITION_EVENTS;

/** The states in which an operator may still change what is in an edition. */
export const EDITABLE: readonly EditionStatus[] = ['draft', 'scheduled'];

/** The states between the order to send and the last message. */
export const UNDER_WAY: readonly EditionStatus[] = ['preparing', 'sending', 'paused'];

/** The states in which readers have, are getting or will get what is in it, unless it is stopped. */
export const COMMITTED: readonly EditionStatus[] = ['scheduled', 'preparing', 'sending', 'paused', 'sent'];

/** Tells whether the event may happen to an edition in this state. */
export function mayHappen(event: EditionEvent, status: EditionStatus): boolean {
  const from: readonly EditionStatus[] = EDITION_EVENTS[event].from;
  return from.includes(status);
}
