import type { EditionStatus } from '#database/schema/index.js';

interface Arrow {
  from: readonly EditionStatus[];
  to: EditionStatus;
}

/** What can happen to an edition: the table of all arrows. Only edition-states.ts lets it happen. */
export const EDITION_EVENTS = {
  /** An operator says when. */
  schedule: { from: ['draft', 'scheduled'], to: 'scheduled' },
  /** An operator takes the time back. */
  unschedule: { from: ['draft', 'scheduled'], to: 'draft' },
  /** An operator says now, and has some seconds to take it back. */
  hold: { from: ['draft', 'scheduled'], to: 'scheduled' },
  /** It is taken back in time. */
  undo: { from: ['scheduled'], to: 'draft' },
  /** An operator says now, or the clock says that it is time. */
  send: { from: ['draft', 'scheduled'], to: 'preparing' },
  /** Its first readers are due later: it waits for them. */
  wait: { from: ['preparing', 'scheduled'], to: 'scheduled' },
  /** A wave of its audience is frozen. */
  freeze: { from: ['preparing', 'scheduled', 'sending'], to: 'sending' },
  /** Nobody was to get it, and nobody will be. */
  empty: { from: ['preparing', 'scheduled', 'sending'], to: 'cancelled' },
  /** An operator stops it. */
  pause: { from: ['preparing', 'sending'], to: 'paused' },
  /** The service stops it by itself. */
  stop: { from: ['sending'], to: 'paused' },
  /** It goes on with the readers who are frozen. */
  resume: { from: ['paused'], to: 'sending' },
  /** It goes on, and was stopped before any were frozen. */
  restart: { from: ['paused'], to: 'preparing' },
  /** No row of its ledger is open, and no wave is to come. */
  finish: { from: ['sending'], to: 'sent' },
  /** An operator has what failed sent again. */
  reopen: { from: ['sent'], to: 'sending' },
  /** An operator ends it. */
  cancel: { from: ['draft', 'scheduled', 'preparing', 'sending', 'paused'], to: 'cancelled' },
  /** It can not be prepared, and nobody has got it. */
  fail: { from: ['preparing'], to: 'failed' },
} as const satisfies Record<string, Arrow>;

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

/** The table as people read it: a line for each state, with the events that lead out of it. docs/architecture.md has it. */
export function statesInWords(states: readonly EditionStatus[]): string {
  const lines = states.map((state) => {
    const out = Object.entries(EDITION_EVENTS)
      .filter(([, { from }]) => (from as readonly EditionStatus[]).includes(state))
      .map(([event, { to }]) => (to === state ? `${event} ↺` : `${event} → ${to}`));
    return `${state.padEnd(10)} ${out.join(' · ') || '(the end)'}`;
  });
  return lines.join('\n');
}
