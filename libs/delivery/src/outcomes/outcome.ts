import type { DeliveryStatus } from '#database/schema/index.js';
import { scrub } from '#kernel/observing/scrub.js';
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

/** The enhanced status code at the start of a reply's text (RFC 3463, RFC 2034), e.g. `5.1.1`. */
export function enhancedCode(reply: string): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(reply)?.[1];
}

/** How long a transport that cannot be used is left alone before its messages are tried again. */
const CLIENT_REJECTED_RETRY_MS = 60_000;

/**
 * What becomes of a message, by what happened on the wire.
 *
 * Reads a reply as RFC 5321 §4.2.1 and RFC 3463 have it: 2xx took it, 4xx may take it later, 5xx never will. What
 * is said at MAIL or AUTH is said before the reader is named, so a refusal there concerns the `sender`. A refusal for policy
 * at RCPT or later (5.7.x, or words of policy) may be about this reader or this message: it fails that delivery alone,
 * and suppresses nobody.
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

/** RFC 3463 §3.2: of the address codes these are about the sender, or about nobody in particular. */
const NOT_OF_RECIPIENT = ['5.1.0', '5.1.7', '5.1.8'];
/** §3.2 again: the sender's address; §3.4: larger than this system takes, whoever it is for. */
const OF_SENDER_OR_MESSAGE = ['5.1.7', '5.1.8', '5.3.4'];
/** RFC 4954 §6: sign in first; the credentials are not enough. */
const NOT_SIGNED_IN = [530, 535];
/** Servers without enhanced codes (Exim) say only in words that it is us they refuse. */
const POLICY_WORDS =
  /\b(relay\w*|spam\w*|spf|dkim|dmarc|polic(y|ies)|block\w*|black-?list\w*|rbl|dnsbl|reputation|sender|authenti\w+|prohibit\w*)\b/i;

type Refusal =
  { is: 'later'; concerns?: DeferralScope | undefined } | { is: 'dead' | 'failed' | 'policy' | 'sender' };

function readRefusal(stage: 'mail' | 'rcpt' | 'data' | 'message', code: number, reply: string): Refusal {
  const enhanced = enhancedCode(reply);
  const later = { is: 'later', concerns: scopeOf(stage, code, enhanced) } as const;
  if (code < 500) return later;
  // Mailbox full is soft, whatever the basic code says (RFC 3463 X.2.2; 552 is its usual basic code).
  if (enhanced?.endsWith('.2.2') || (code === 552 && !enhanced)) return later;
  if (enhanced?.startsWith('4.')) return later;
  if (stage === 'mail') return { is: 'sender' };
  if (NOT_SIGNED_IN.includes(code) || isPolicy(enhanced, reply)) return { is: 'policy' };
  return { is: isOfRecipient(stage, code, enhanced) ? 'dead' : 'failed' };
}

/**
 * RFC 3463: X.1 and X.2 are about one mailbox, as is a code below that says nothing more; MAIL is answered before the
 * server knows whom it is for.
 * @returns nobody beside the reader: undefined
 */
function scopeOf(stage: string, code: number, enhanced: string | undefined): DeferralScope | undefined {
  if (code >= 500 || /^[45]\.[12]\./.test(enhanced ?? '')) return undefined;
  if (stage === 'mail') return 'transport';
  if (enhanced?.startsWith('4.3.')) return 'perhaps-transport'; // RFC 3463 §3.4: the mail system itself
  if (enhanced?.startsWith('4.7.') || (code === 421 && !enhanced)) return 'domain';
  return [421, 450, 451, 452].includes(code) ? 'perhaps-domain' : undefined;
}

function isPolicy(enhanced: string | undefined, reply: string): boolean {
  if (enhanced) return enhanced.startsWith('5.7.') || OF_SENDER_OR_MESSAGE.includes(enhanced);
  return POLICY_WORDS.test(reply.replace(/<[^>]*>|\S+@\S+/g, '')); // an address may be called spam@ or sender@
}

function isOfRecipient(stage: string, code: number, enhanced: string | undefined): boolean {
  if (enhanced) return enhanced.startsWith('5.1.') && !NOT_OF_RECIPIENT.includes(enhanced);
  return stage === 'rcpt' && [550, 551, 553].includes(code);
}
