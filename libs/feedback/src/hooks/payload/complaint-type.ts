import type { EventKind } from '../hook.js';

/** RFC 5965 §3.1 and RFC 6591: reports that are of no reader who is fed up. */
const NO_COMPLAINTS = new Set(['not-spam', 'auth-failure', 'virus']);

/** What a report of a feedback loop is, by its type. @param type `abuse`, `fraud`, `not-spam` …; undefined: not told */
export function complaintKind(type: string | undefined): EventKind {
  return NO_COMPLAINTS.has((type ?? '').trim().toLowerCase()) ? 'unknown' : 'complaint';
}
