/** What happened to one message on the wire. */
export type SendResult =
  | { kind: 'accepted'; code: number; reply: string }
  | { kind: 'refused'; stage: 'mail' | 'rcpt' | 'data' | 'message'; code: number; reply: string }
  /** The connection broke, timed out or spoke nonsense; `after` the final dot the message may have been taken. */
  | { kind: 'broken'; stage: 'before' | 'after'; reason: string }
  /** This server cannot take a message to this address (SMTPUTF8 not offered). */
  | { kind: 'impossible'; reason: string }
  /** The transport cannot be used now: nothing was begun, and the next messages will fare no better. */
  | { kind: 'unreachable'; reason: string; retryAfterMs: number }
  /** It was not to be begun any more when its turn came. */
  | { kind: 'not-begun' }
  /** The server refuses us as a client (AUTH, policy at the greeting). */
  | { kind: 'rejected-client'; code: number; reply: string };

/**
 * Who is to be left alone for a while: this reader only, everyone at their domain, or the server that said it. With
 * `perhaps`, what was said may have been about this one message, until it is said again and again.
 */
export type DeferralScope = 'reader' | 'perhaps-domain' | 'domain' | 'perhaps-transport' | 'transport';

export type Outcome =
  | { status: 'accepted'; code: number; reply: string }
  | { status: 'deferred'; code: number | null; reply: string; about: DeferralScope }
  /** `blocked`: we were refused for policy or by reputation, not the address. */
  | { status: 'failed'; code: number | null; reply: string; hardBounce: boolean; blocked?: true }
  | { status: 'uncertain'; code: null; reply: string }
  /** Nothing was begun: back to the queue without counting a try. */
  | { status: 'released'; code: number | null; reply: string; retryAfterMs: number }
  /** The sender or the account was refused, whoever the reader: pausing the edition beats failing all of them. */
  | { status: 'pause'; code: number; reply: string };

/** The enhanced status code at the start of a reply's text (RFC 3463, RFC 2034), e.g. `5.1.1`. */
export function enhancedCode(reply: string): string | undefined {
  return /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(reply)?.[1];
}

/** How long a transport that cannot be used is left alone before its messages are tried again. */
const CLIENT_REJECTED_RETRY_MS = 60_000;

/**
 * Reads a reply as RFC 5321 §4.2.1 and RFC 3463 have it: 2xx took it, 4xx may take it later, 5xx never will. What
 * is said at MAIL or AUTH is said before the reader is named, so a refusal there asks for a pause. A refusal for policy
 * at RCPT or later (5.7.x, or words of policy) may be about this reader or this message: it fails that delivery alone,
 * as `blocked`, and suppresses nobody.
 */
export function decideOutcome(result: SendResult): Outcome {
  switch (result.kind) {
    case 'accepted':
      return { status: 'accepted', code: result.code, reply: result.reply };
    case 'impossible':
      return { status: 'failed', code: null, reply: result.reason, hardBounce: false };
    case 'not-begun':
      return { status: 'released', code: null, reply: '', retryAfterMs: 0 };
    case 'unreachable':
      return { status: 'released', code: null, reply: result.reason, retryAfterMs: result.retryAfterMs };
    case 'rejected-client':
      return result.code >= 500
        ? { status: 'pause', code: result.code, reply: result.reply }
        : {
            status: 'released',
            code: result.code,
            reply: result.reply,
            retryAfterMs: CLIENT_REJECTED_RETRY_MS,
          };
    case 'broken':
      return result.stage === 'after'
        ? { status: 'uncertain', code: null, reply: result.reason }
        : { status: 'deferred', code: null, reply: result.reason, about: 'perhaps-transport' };
    case 'refused':
      return decideRefusal(result.stage, result.code, result.reply);
  }
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

function decideRefusal(stage: 'mail' | 'rcpt' | 'data' | 'message', code: number, reply: string): Outcome {
  const enhanced = enhancedCode(reply);
  const deferred = { status: 'deferred', code, reply, about: scopeOf(stage, code, enhanced) } as const;
  if (code < 500) return deferred;
  // Mailbox full is soft, whatever the basic code says (RFC 3463 X.2.2; 552 is its usual basic code).
  if (enhanced?.endsWith('.2.2') || (code === 552 && !enhanced)) return deferred;
  if (enhanced?.startsWith('4.')) return deferred;
  if (stage === 'mail') return { status: 'pause', code, reply };
  if (NOT_SIGNED_IN.includes(code) || isPolicy(enhanced, reply)) {
    return { status: 'failed', code, reply, hardBounce: false, blocked: true };
  }
  return { status: 'failed', code, reply, hardBounce: isOfRecipient(stage, code, enhanced) };
}

/**
 * RFC 3463: X.1 and X.2 are about one mailbox, as is a code below that says nothing more; MAIL is answered before the
 * server knows whom it is for.
 */
function scopeOf(stage: string, code: number, enhanced: string | undefined): DeferralScope {
  if (code >= 500 || /^[45]\.[12]\./.test(enhanced ?? '')) return 'reader';
  if (stage === 'mail') return 'transport';
  if (enhanced?.startsWith('4.3.')) return 'perhaps-transport'; // RFC 3463 §3.4: the mail system itself
  if (enhanced?.startsWith('4.7.') || (code === 421 && !enhanced)) return 'domain';
  return [421, 450, 451, 452].includes(code) ? 'perhaps-domain' : 'reader';
}

function isPolicy(enhanced: string | undefined, reply: string): boolean {
  if (enhanced) return enhanced.startsWith('5.7.') || OF_SENDER_OR_MESSAGE.includes(enhanced);
  return POLICY_WORDS.test(reply.replace(/<[^>]*>|\S+@\S+/g, '')); // an address may be called spam@ or sender@
}

function isOfRecipient(stage: string, code: number, enhanced: string | undefined): boolean {
  if (enhanced) return enhanced.startsWith('5.1.') && !NOT_OF_RECIPIENT.includes(enhanced);
  return stage === 'rcpt' && [550, 551, 553].includes(code);
}
