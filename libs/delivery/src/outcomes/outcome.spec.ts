import { decideOutcome, type DeferralScope, type Outcome, type TriedRow } from './outcome.js';
import type { SendResult } from './send-result.js';

type Stage = 'mail' | 'rcpt' | 'data' | 'message';
type Expected = 'deferred' | 'failed' | 'bounced' | 'blocked' | 'pause';

const now = new Date('2027-01-05T09:00:00Z');
const row: TriedRow = { attempts: 0, expiresAt: new Date('2027-01-08T09:00:00Z') };
const decide = (result: SendResult, over: Partial<TriedRow> = {}) =>
  decideOutcome(result, { ...row, ...over }, now, 0.5);

function nameOf({ status, tried, hardBounce, concerns }: Outcome): string {
  if (concerns === 'policy') return status === 'failed' && !hardBounce ? 'blocked' : 'never';
  if (status === 'failed') return hardBounce ? 'bounced' : 'failed';
  if (status !== 'queued') return status;
  if (tried) return 'deferred';
  return concerns === 'sender' ? 'pause' : 'released';
}

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
    ['rcpt', '550 5.1.1 user over quota', 'deferred'],
    ['rcpt', '550 5.3.2 the system is down for a while', 'deferred'],
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
    ['rcpt', '550 5.1.0 address rejected', 'bounced'],
    ['rcpt', '550 5.2.1 mailbox disabled', 'bounced'],
    ['rcpt', '550 5.4.1 recipient address rejected', 'bounced'],
    ['rcpt', '554 5.7.1 no such user', 'bounced'],
    ['message', '554 delivery error: dd This mailbox is disabled (554.30)', 'bounced'],
    ['rcpt', '551 user not local', 'bounced'],
    ['rcpt', '553 mailbox name not allowed', 'bounced'],
    // This reader's message failed, and nothing is wrong with the address for all we know.
    ['rcpt', '552 5.2.3 too long for this mailbox', 'failed'],
    ['data', '554 5.5.1 no valid recipients', 'failed'],
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
    ['message', '554 5.6.0 cannot read this', 'blocked'],
    ['data', '535 5.7.8 not you', 'blocked'],
    // … as servers without enhanced codes say it.
    ['rcpt', '550 relay not permitted', 'blocked'],
    ['rcpt', '550 relaying denied', 'blocked'],
    ['rcpt', '550 Sender verify failed', 'blocked'],
    ['rcpt', '554 blocked using zen.spamhaus.org', 'blocked'],
    ['message', '550 Message rejected as spam', 'blocked'],
    ['message', '550 SPF check failed', 'blocked'],
    ['rcpt', '550 Administrative prohibition', 'blocked'],
    // What nobody understands holds up those who say it, not the edition.
    ['message', '550 no', 'blocked'],
    ['rcpt', '554 5.0.0 no', 'blocked'],
    ['rcpt', '554 no', 'blocked'],
  ])('at %s: %s → %s', (stage, reply, expected) => {
    const code = Number(reply.slice(0, 3));
    const outcome = decide({ kind: 'refused', stage, code, reply });
    expect(nameOf(outcome)).toBe(expected);
    expect(outcome).toMatchObject({
      code,
      reply: reply.replace(/<?\S+@\S+?>?(?=:|\s)/, (its) => its.replace(/[^<>]+/, '[address]')),
    });
  });
});

describe('decideOutcome: who is left alone after a deferral', () => {
  it.each<[Stage, string, DeferralScope | undefined]>([
    ['rcpt', '421 too many connections', 'domain'],
    ['message', '421 4.7.0 try later', 'domain'],
    ['message', '421 4.3.2 going down', 'perhaps-transport'],
    ['rcpt', '450 mailbox busy', 'perhaps-domain'],
    ['message', '451 4.3.0 local error', 'perhaps-transport'],
    ['rcpt', '452 4.5.3 too many recipients', 'perhaps-domain'],
    ['rcpt', '454 4.7.1 not from you, not now', 'domain'],
    ['rcpt', '450 4.7.650 rate limited', 'domain'],
    ['rcpt', '450 4.2.0 greylisted', undefined],
    ['rcpt', '452 4.2.2 mailbox full', undefined],
    ['rcpt', '450 4.1.8 cannot find your host', undefined],
    ['rcpt', '552 5.2.2 mailbox full', undefined],
    ['message', '552 exceeded storage allocation', undefined],
    ['rcpt', '455 parameters', undefined],
    ['mail', '421 4.3.2 closing', 'transport'],
    ['mail', '452 insufficient storage', 'transport'],
    ['mail', '451 4.7.1 you send too fast', 'transport'],
  ])('%s: %s', (stage, reply, concerns) => {
    const outcome = decide({ kind: 'refused', stage, code: Number(reply.slice(0, 3)), reply });
    expect([outcome.status, outcome.tried, outcome.concerns]).toEqual(['queued', true, concerns]);
  });
});

const inMs = (ms: number) => new Date(now.getTime() + ms);

describe('decideOutcome: anything else', () => {
  it.each<[SendResult, Outcome]>([
    [
      { kind: 'accepted', code: 250, reply: '250 ok' },
      { status: 'accepted', tried: true, code: 250, reply: '250 ok' },
    ],
    [
      { kind: 'broken', stage: 'before', reason: 'reset' },
      {
        status: 'queued',
        dueAt: inMs(60_000),
        tried: true,
        code: null,
        reply: 'reset',
        concerns: 'perhaps-transport',
      },
    ],
    [
      { kind: 'broken', stage: 'after', reason: 'reset' },
      { status: 'uncertain', tried: true, code: null, reply: 'reset' },
    ],
    [
      { kind: 'impossible', reason: 'no SMTPUTF8' },
      { status: 'failed', tried: true, hardBounce: false, code: null, reply: 'no SMTPUTF8' },
    ],
    [
      { kind: 'unreachable', reason: 'refused', retryAfterMs: 1_500 },
      { status: 'queued', dueAt: inMs(1_500), tried: false, code: null, reply: 'refused', concerns: 'claim' },
    ],
    [
      { kind: 'not-begun' },
      { status: 'queued', dueAt: now, tried: false, code: null, reply: '', concerns: 'claim' },
    ],
    [
      { kind: 'rejected-client', code: 535, reply: '535 5.7.8 no' },
      { status: 'queued', dueAt: now, tried: false, code: 535, reply: '535 5.7.8 no', concerns: 'sender' },
    ],
    [
      { kind: 'rejected-client', code: 454, reply: '454 4.7.0 later' },
      {
        status: 'queued',
        dueAt: inMs(60_000),
        tried: false,
        code: 454,
        reply: '454 4.7.0 later',
        concerns: 'claim',
      },
    ],
  ])('%j', (result, outcome) => {
    expect(decide(result)).toEqual(outcome);
  });
});

describe('decideOutcome: the row', () => {
  const later: SendResult = { kind: 'refused', stage: 'rcpt', code: 450, reply: '450 later' };

  it('has addresses taken out of what is kept of the server’s words', () => {
    const { reply } = decide({ kind: 'accepted', code: 250, reply: '250 ok for ada@example.org' });
    expect(reply).toBe('250 ok for [address]');
  });

  it('comes back after a growing delay, and its try is counted, until its time is over', () => {
    expect(decide(later)).toMatchObject({ status: 'queued', tried: true, dueAt: inMs(60_000) });
    expect(decide(later, { attempts: 2 }).dueAt).toEqual(inMs(15 * 60_000));
    const over = decide(later, { expiresAt: now });
    expect(over).toMatchObject({ status: 'expired', tried: true, concerns: 'perhaps-domain' });
    expect(over.dueAt).toBeUndefined();
  });
});
