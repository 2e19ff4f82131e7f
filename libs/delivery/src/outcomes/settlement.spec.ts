import type { Outcome } from './outcome.js';
import { settlementOf, type TriedRow } from './settlement.js';

const now = new Date('2027-01-05T09:00:00Z');
const expiresAt = new Date('2027-01-08T09:00:00Z');
const row: TriedRow = { attempts: 0, expiresAt };
const settle = (outcome: Outcome, over: Partial<TriedRow> = {}) =>
  settlementOf(outcome, { ...row, ...over }, now, 0.5);

describe('settlementOf', () => {
  it('takes addresses out of what is kept of the server’s words', () => {
    const { reply } = settle({ status: 'accepted', code: 250, reply: '250 ok for ada@example.org' });
    expect(reply).toBe('250 ok for [address]');
  });

  it('puts a deferred row back with a growing delay, and counts the try', () => {
    const deferred = { status: 'deferred', code: 450, reply: '450 later', about: 'domain' } as const;
    expect(settle(deferred)).toEqual({
      status: 'queued',
      tried: true,
      code: 450,
      reply: '450 later',
      dueAt: new Date('2027-01-05T09:01:00Z'),
    });
    expect(settle(deferred, { attempts: 2 }).dueAt).toEqual(new Date('2027-01-05T09:15:00Z'));
    expect(settle(deferred, { expiresAt: now })).toMatchObject({ status: 'expired', tried: true });
  });

  it('does not count what was not begun', () => {
    expect(settle({ status: 'released', code: null, reply: 'away', retryAfterMs: 5_000 })).toMatchObject({
      status: 'queued',
      tried: false,
      dueAt: new Date('2027-01-05T09:00:05Z'),
    });
  });

  it('keeps whether an address is dead', () => {
    const failed = { status: 'failed', code: 550, reply: '550 no' } as const;
    expect(settle({ ...failed, hardBounce: true })).toMatchObject({ status: 'failed', hardBounce: true });
    expect(settle({ ...failed, hardBounce: false })).toMatchObject({ hardBounce: false });
  });

  it('puts a row back that was there when we were refused, and suppresses nobody', () => {
    expect(settle({ status: 'pause', code: 550, reply: '550 5.7.1 no' })).toEqual({
      status: 'queued',
      dueAt: now,
      tried: false,
      code: 550,
      reply: '550 5.7.1 no',
    });
  });
});
