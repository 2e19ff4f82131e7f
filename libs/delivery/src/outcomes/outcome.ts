import type { DeliveryStatus } from '#database/schema/index.js';
import { scrub } from '#kernel/observing/scrub.js';
import { classifyReply } from '../replies/classify-reply.js';
import { nextTry } from './backoff.js';
import type { SendResult } from './send-result.js';

/**
 * Who is to be left alone for a while, beside this reader: everyone at their domain, or the server that said it. With
 * `perhaps`, what was said may have been about this one message, until it is said again and again.
 */
export type DeferralScope = 'perhaps-domain' | 'domain' | 'perhaps-transport' | 'transport';

/** What becomes of a message after a try: how its row is left, and whom else it concerns. */
export interface Outcome {
  status: Exclude<DeliveryStatus, 'claimed'>;
  /** For `queued`: when to try again. */
  dueAt?: Date;
  /** Counts as a try. */
  tried: boolean;
  /** Its process died while it was on the wire. */
  inDoubt?: boolean;
  /** The refusal was about the address: its reader is not written to again. */
  hardBounce?: boolean;
  /** The server's reply code; null: it said none. */
  code: number | null;
  /** The server's words, addresses taken out. */
  reply: string;
  /** Whom it concerns beside the row's reader. Only for those who send: it is not stored. */
  concerns?: Concern;
}

/**
 * - a {@link DeferralScope}: whoever asked us to wait
 * - `policy`: we were refused for policy or by reputation, not the address
 * - `sender`: the sender or the account was refused, whoever the reader: pausing the edition beats failing all of it
 * - `claim`: the transport cannot be used now. Nothing was begun, and the rest of the claim would fare no better
 */
export type Concern = DeferralScope | 'policy' | 'sender' | 'claim';

/** What is known of a row before a try. */
export interface TriedRow {
  attempts: number;
  expiresAt: Date;
}

/** How long a transport that cannot be used is left alone before its messages are tried again. */
const CLIENT_REJECTED_RETRY_MS = 60_000;

/**
 * What becomes of a message, by what happened on the wire.
 *
 * A refusal is read by {@link classifyReply}. What is said at MAIL or AUTH is said before the reader is named, so a refusal
 * there concerns the `sender`. One that is `blocked` at RCPT or later may be about this reader or this message: it fails
 * that delivery alone, and suppresses nobody.
 * @param random 0 ≤ random < 1: spreads the retries
 */
export function decideOutcome(result: SendResult, row: TriedRow, now: Date, random: number): Outcome {
  switch (result.kind) {
    case 'accepted':
      return { status: 'accepted', tried: true, code: result.code, reply: scrub(result.reply) };
    case 'impossible':
      return { status: 'failed', tried: true, hardBounce: false, code: null, reply: scrub(result.reason) };
    case 'not-begun':
      return released('', now, 0);
    case 'unreachable':
      return released(result.reason, now, result.retryAfterMs);
    case 'rejected-client':
      return result.code >= 500
        ? ofSender(result.code, result.reply, now)
        : released(result.reply, now, CLIENT_REJECTED_RETRY_MS, result.code);
    case 'broken':
      return result.stage === 'after'
        ? { status: 'uncertain', tried: true, code: null, reply: scrub(result.reason) }
        : deferral({ code: null, reply: result.reason, concerns: 'perhaps-transport' }, row, now, random);
    case 'refused': {
      const { stage, code, reply } = result;
      const said = readRefusal(stage, code, reply);
      if (said.is === 'sender') return ofSender(code, reply, now);
      if (said.is === 'later') return deferral({ code, reply, concerns: said.concerns }, row, now, random);
      return {
        status: 'failed',
        tried: true,
        hardBounce: said.is === 'dead',
        code,
        reply: scrub(reply),
        ...(said.is === 'policy' && { concerns: 'policy' }),
      };
    }
  }
}

/**
 * It may be taken later: tried again after a growing delay, until its time is over.
 * @param random 0 ≤ random < 1: spreads the retries
 */
export function deferral(
  { code, reply, concerns }: { code: number | null; reply: string; concerns?: Concern | undefined },
  row: TriedRow,
  now: Date,
  random: number,
): Outcome {
  const dueAt = nextTry(row.attempts + 1, now, row.expiresAt, random);
  const common = { tried: true, code, reply: scrub(reply), ...(concerns && { concerns }) };
  return dueAt ? { status: 'queued', dueAt, ...common } : { status: 'expired', ...common };
}

/** Nothing was begun: back to the queue without counting a try. @param retryAfterMs from now on */
export function released(reply: string, now: Date, retryAfterMs = 0, code: number | null = null): Outcome {
  const dueAt = new Date(now.getTime() + retryAfterMs);
  return { status: 'queued', dueAt, tried: false, code, reply: scrub(reply), concerns: 'claim' };
}

/** A word for what happened, to count it by. */
export function kindOf({ status, tried, concerns }: Outcome): string {
  if (status === 'expired') return 'deferred';
  if (status !== 'queued') return status;
  if (tried) return 'deferred';
  return concerns === 'sender' ? 'pause' : 'released';
}

function ofSender(code: number, reply: string, now: Date): Outcome {
  return { status: 'queued', dueAt: now, tried: false, code, reply: scrub(reply), concerns: 'sender' };
}

type Stage = 'mail' | 'rcpt' | 'data' | 'message';
type Refusal =
  { is: 'later'; concerns?: DeferralScope | undefined } | { is: 'dead' | 'failed' | 'policy' | 'sender' };

/**
 * What a refusal means here: 4xx may be taken later, whatever the rest says; a 5xx that says so too is tried again where a
 * mailbox or the network stood in the way, as is one with a passing enhanced code.
 */
function readRefusal(stage: Stage, code: number, text: string): Refusal {
  const { class: meaning, about, status } = classifyReply({ code, text, stage });
  const scope = { is: 'later', concerns: scopeOf(stage, code, status) } as const;
  if (code < 500) return scope;
  if (meaning === 'hard') return { is: 'dead' };
  if (status?.startsWith('4.')) return scope;
  if (meaning === 'soft' && (about === 'mailbox' || about === 'network')) return scope;
  if (stage === 'mail') return { is: 'sender' };
  return { is: meaning === 'blocked' ? 'policy' : 'failed' };
}

/**
 * RFC 3463: X.1 and X.2 are about one mailbox, as is a code below that says nothing more; MAIL is answered before the
 * server knows whom it is for.
 * @returns nobody beside the reader: undefined
 */
function scopeOf(stage: Stage, code: number, status: string | null): DeferralScope | undefined {
  if (code >= 500 || /^[45]\.[12]\./.test(status ?? '')) return undefined;
  if (stage === 'mail') return 'transport';
  if (status?.startsWith('4.3.')) return 'perhaps-transport'; // RFC 3463 §3.4: the mail system itself
  if (status?.startsWith('4.7.') || (code === 421 && !status)) return 'domain';
  return [421, 450, 451, 452].includes(code) ? 'perhaps-domain' : undefined;
}
