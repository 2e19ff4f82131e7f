import { createHmac } from 'node:crypto';
import { isDue, signedCall, TRIES_AFTER_MS, type AlarmCall } from './webhook-call.js';

const at = new Date('2027-01-05T09:00:00.500Z');
const later = (ms: number) => new Date(at.getTime() + ms);
const secret = Buffer.from('twenty-four bytes or more of it').toString('base64');
const call: AlarmCall = {
  type: 'alarm.opened',
  at,
  alarm: {
    id: '0190-a',
    cause: 'feed_broken',
    subject: 'f1',
    state: 'open',
    since: at,
    until: null,
    seenAt: null,
    seenBy: 'Ann',
    detail: { name: 'Ünter' },
  },
};

it.each([
  [0, -1, false],
  [0, 0, true],
  [1, 59_999, false],
  [1, 60_000, true],
  [2, 179_999, false],
  [8, 86_399_999, false],
  [8, 86_400_000, true],
  [9, 999_999_999, false], // given up
])('after %d failures, %d ms after it began: due %s', (failed, ms, due) => {
  expect(isDue(at, failed, later(ms))).toBe(due);
});

test('the waits grow', () => {
  const waits = TRIES_AFTER_MS.slice(1).map((ms, index) => ms - TRIES_AFTER_MS[index]!);
  expect(waits).toEqual([...waits].sort((a, b) => a - b));
});

test('a call says what the contract names, and nothing of who has seen it', () => {
  expect(JSON.parse(signedCall(call, secret, at).body)).toEqual({
    type: 'alarm.opened',
    timestamp: '2027-01-05T09:00:00.500Z',
    data: {
      id: '0190-a',
      cause: 'feed_broken',
      subject: 'f1',
      state: 'open',
      since: '2027-01-05T09:00:00.500Z',
      until: null,
      detail: { name: 'Ünter' },
    },
  });
});

test('the signature is over id, time in seconds and body, with the key that the base64 stands for', () => {
  const { body, headers } = signedCall(call, secret, later(61_000));
  expect(headers['webhook-timestamp']).toBe(String(Date.UTC(2027, 0, 5, 9, 1, 1) / 1000));
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const mac = createHmac('sha256', 'twenty-four bytes or more of it').update(signed, 'utf8').digest('base64');
  expect(headers['webhook-signature']).toBe(`v1,${mac}`);
});

test('every try has the same id, another call another one', () => {
  const idOf = (changes: Partial<AlarmCall>, now: Date) =>
    signedCall({ ...call, ...changes }, secret, now).headers['webhook-id'];
  expect(idOf({}, later(60_000))).toBe(idOf({}, at));
  expect(idOf({ type: 'alarm.gone' }, at)).not.toBe(idOf({}, at));
  expect(idOf({ at: later(1) }, at)).not.toBe(idOf({}, at)); // it got worse
});
