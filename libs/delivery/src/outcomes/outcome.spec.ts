import { decideOutcome, enhancedCode, type DeferralScope, type Outcome, type SendResult } from './outcome.js';

type Stage = 'mail' | 'rcpt' | 'data' | 'message';
type Expected = 'deferred' | 'failed' | 'bounced' | 'blocked' | 'pause';

function nameOf(outcome: Outcome): string {
  if (outcome.status === 'failed' && outcome.blocked) return outcome.hardBounce ? 'never' : 'blocked';
  if (outcome.status === 'failed') return outcome.hardBounce ? 'bounced' : 'failed';
  return outcome.status;
}

describe('enhancedCode', () => {
  it.each([
    ['550 5.1.1 no such user', '5.1.1'],
    ['550-5.7.26 unauthenticated', '5.7.26'],
    ['250 2.0.0', '2.0.0'],
    ['451 4.7.500 busy', '4.7.500'],
    ['550 no such user', undefined],
    ['550 5.1 no', undefined],
    ['550 5.1.1.2 no', undefined],
    ['550 3.1.1 no', undefined],
    ['550 user 5.1.1 gone', undefined],
    ['550', undefined],
  ])('%s', (reply, code) => {
    expect(enhancedCode(reply)).toBe(code);
  });
});

describe('decideOutcome: a refusal', () => {
  it.each<[Stage, string, Expected]>([
    // Later: 4xx, whatever the rest says.
    ['mail', '421 4.3.2 closing', 'deferred'],
    ['rcpt', '421 too many connections', 'deferred'],
    ['message', '421 4.7.0 try later', 'deferred'],
    ['rcpt', '450 4.2.0 greylisted', 'deferred'],
    ['rcpt', '450 mailbox busy', 'deferred'],
    ['message', '451 4.3.0 local error', 'deferred'],
    ['data', '451 try later', 'deferred'],
    ['rcpt', '452 4.2.2 mailbox full', 'deferred'],
    ['mail', '452 insufficient storage', 'deferred'],
    ['mail', '451 4.7.1 you send too fast', 'deferred'],
    ['rcpt', '450 4.7.650 rate limited', 'deferred'],
    ['mail', '454 4.7.0 temporary authentication failure', 'deferred'],
    ['rcpt', '450 5.1.1 who is it', 'deferred'],
    // The mailbox is full: soft under any basic code.
    ['rcpt', '552 5.2.2 mailbox full', 'deferred'],
    ['message', '552 5.2.2 mailbox full', 'deferred'],
    ['rcpt', '550 5.2.2 over quota', 'deferred'],
    ['rcpt', '552 exceeded storage allocation', 'deferred'],
    ['message', '554 4.4.7 contradicts itself', 'deferred'],
    // The address is dead.
    ['rcpt', '550 5.1.1 no such user', 'bounced'],
    ['rcpt', '550 5.1.2 bad host', 'bounced'],
    ['rcpt', '553 5.1.3 bad syntax', 'bounced'],
    ['rcpt', '550 5.1.6 moved', 'bounced'],
    ['rcpt', '556 5.1.10 null MX', 'bounced'],
    ['message', '550 5.1.1 no such user', 'bounced'],
    ['rcpt', '550 mailbox unavailable', 'bounced'],
    ['rcpt', '550 <spam@relay.example>: user unknown', 'bounced'],
    ['rcpt', '550 sender-policy@blocked.example is unknown', 'bounced'],
    ['rcpt', '551 user not local', 'bounced'],
    ['rcpt', '553 mailbox name not allowed', 'bounced'],
    // This reader's message failed, and nothing is wrong with the address for all we know.
    ['rcpt', '550 5.1.0 address rejected', 'failed'],
    ['rcpt', '550 5.2.1 mailbox disabled', 'failed'],
    ['rcpt', '552 5.2.3 too long for this mailbox', 'failed'],
    ['rcpt', '550 5.4.1 recipient address rejected', 'failed'],
    ['message', '554 5.6.0 cannot read this', 'failed'],
    ['message', '550 no', 'failed'],
    ['data', '554 5.5.1 no valid recipients', 'failed'],
    ['rcpt', '554 5.0.0 no', 'failed'],
    ['rcpt', '554 no', 'failed'],
    ['rcpt', '503 5.5.1 bad sequence', 'failed'],
    // We are refused: whoever the reader at MAIL; at RCPT and later perhaps only for this reader or this message.
    ['mail', '550 5.1.8 sender domain', 'pause'],
    ['mail', '550 5.1.1 who are you', 'pause'],
    ['mail', '501 syntax', 'pause'],
    ['mail', '552 5.3.4 too large', 'pause'],
    ['rcpt', '530 5.7.0 sign in first', 'blocked'],
    ['mail', '530 sign in first', 'pause'],
    ['mail', '535 5.7.8 wrong password', 'pause'],
    ['rcpt', '550 5.1.8 sender address rejected', 'blocked'],
    ['rcpt', '550 5.1.7 sender syntax', 'blocked'],
    ['rcpt', '550 5.7.1 relay access denied', 'blocked'],
    ['rcpt', '554 5.7.1 listed', 'blocked'],
    ['message', '550 5.7.26 unauthenticated', 'blocked'],
    ['message', '554 5.7.1 looks like spam', 'blocked'],
    ['message', '552 5.3.4 larger than this system takes', 'blocked'],
    ['data', '554 5.7.1 no', 'blocked'],
    ['data', '535 5.7.8 not you', 'blocked'],
    // … as servers without enhanced codes say it.
    ['rcpt', '550 relay not permitted', 'blocked'],
    ['rcpt', '550 relaying denied', 'blocked'],
    ['rcpt', '550 Sender verify failed', 'blocked'],
    ['rcpt', '554 blocked using zen.spamhaus.org', 'blocked'],
    ['message', '550 Message rejected as spam', 'blocked'],
    ['message', '550 SPF check failed', 'blocked'],
    ['rcpt', '550 Administrative prohibition', 'blocked'],
  ])('at %s: %s → %s', (stage, reply, expected) => {
    const code = Number(reply.slice(0, 3));
    const outcome = decideOutcome({ kind: 'refused', stage, code, reply });
    expect(nameOf(outcome)).toBe(expected);
    expect(outcome).toMatchObject({ code, reply });
  });
});

describe('decideOutcome: who is left alone after a deferral', () => {
  it.each<[Stage, string, DeferralScope]>([
    ['rcpt', '421 too many connections', 'domain'],
    ['message', '421 4.7.0 try later', 'domain'],
    ['message', '421 4.3.2 going down', 'perhaps-transport'],
    ['rcpt', '450 mailbox busy', 'perhaps-domain'],
    ['message', '451 4.3.0 local error', 'perhaps-transport'],
    ['rcpt', '452 4.5.3 too many recipients', 'perhaps-domain'],
    ['rcpt', '454 4.7.1 not from you, not now', 'domain'],
    ['rcpt', '450 4.7.650 rate limited', 'domain'],
    ['rcpt', '450 4.2.0 greylisted', 'reader'],
    ['rcpt', '452 4.2.2 mailbox full', 'reader'],
    ['rcpt', '450 4.1.8 cannot find your host', 'reader'],
    ['rcpt', '552 5.2.2 mailbox full', 'reader'],
    ['message', '552 exceeded storage allocation', 'reader'],
    ['rcpt', '455 parameters', 'reader'],
    ['mail', '421 4.3.2 closing', 'transport'],
    ['mail', '452 insufficient storage', 'transport'],
    ['mail', '451 4.7.1 you send too fast', 'transport'],
  ])('%s: %s', (stage, reply, about) => {
    const outcome = decideOutcome({ kind: 'refused', stage, code: Number(reply.slice(0, 3)), reply });
    expect(outcome).toMatchObject({ status: 'deferred', about });
  });
});

describe('decideOutcome: anything else', () => {
  it.each<[SendResult, Outcome]>([
    [
      { kind: 'accepted', code: 250, reply: '250 ok' },
      { status: 'accepted', code: 250, reply: '250 ok' },
    ],
    [
      { kind: 'broken', stage: 'before', reason: 'reset' },
      { status: 'deferred', code: null, reply: 'reset', about: 'perhaps-transport' },
    ],
    [
      { kind: 'broken', stage: 'after', reason: 'reset' },
      { status: 'uncertain', code: null, reply: 'reset' },
    ],
    [
      { kind: 'impossible', reason: 'no SMTPUTF8' },
      { status: 'failed', code: null, reply: 'no SMTPUTF8', hardBounce: false },
    ],
    [
      { kind: 'unreachable', reason: 'refused', retryAfterMs: 1_500 },
      { status: 'released', code: null, reply: 'refused', retryAfterMs: 1_500 },
    ],
    [{ kind: 'not-begun' }, { status: 'released', code: null, reply: '', retryAfterMs: 0 }],
    [
      { kind: 'rejected-client', code: 535, reply: '535 5.7.8 no' },
      { status: 'pause', code: 535, reply: '535 5.7.8 no' },
    ],
    [
      { kind: 'rejected-client', code: 454, reply: '454 4.7.0 later' },
      { status: 'released', code: 454, reply: '454 4.7.0 later', retryAfterMs: 60_000 },
    ],
  ])('%j', (result, outcome) => {
    expect(decideOutcome(result)).toEqual(outcome);
  });
});
