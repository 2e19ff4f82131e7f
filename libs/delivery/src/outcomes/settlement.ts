import { scrub } from '#kernel/observing/scrub.js';
import { nextTry } from './backoff.js';
import type { Outcome } from './outcome.js';
import type { SendingOutcome } from './sending-outcome.js';

/** What is known of a row before a try. */
export interface TriedRow {
  attempts: number;
  expiresAt: Date;
}

/**
 * How a row is left by the outcome of a try.
 * @param random 0 ≤ random < 1: spreads the retries
 */
export function settlementOf(outcome: Outcome, row: TriedRow, now: Date, random: number): SendingOutcome {
  const { code } = outcome;
  const reply = scrub(outcome.reply);
  switch (outcome.status) {
    case 'accepted':
    case 'uncertain':
      return { status: outcome.status, tried: true, code, reply };
    case 'failed':
      return { status: 'failed', tried: true, hardBounce: outcome.hardBounce, code, reply };
    case 'deferred': {
      const dueAt = nextTry(row.attempts + 1, now, row.expiresAt, random);
      if (!dueAt) return { status: 'expired', tried: true, code, reply };
      return { status: 'queued', dueAt, tried: true, code, reply };
    }
    case 'released': {
      const dueAt = new Date(now.getTime() + outcome.retryAfterMs);
      return { status: 'queued', dueAt, tried: false, code, reply };
    }
    case 'pause':
      return { status: 'queued', dueAt: now, tried: false, code, reply };
  }
}
