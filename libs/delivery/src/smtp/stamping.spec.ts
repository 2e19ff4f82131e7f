import { invalidField } from '#kernel/errors/errors.js';
import type { StampedMessage } from '#rendering/wire/plate.js';
import { tryStamp } from './stamping.js';
import type { OutgoingMessage } from './transport.js';

const message = (stamp: () => StampedMessage): OutgoingMessage => ({
  from: 'news@example.org',
  to: 'a@example.net',
  messageId: '<1@example.org>',
  subject: 'Tides',
  stamp,
});
const failing = (error: Error) =>
  message(() => {
    throw error;
  });

test('a stamped message is handed on', () => {
  const stamped = { headers: Buffer.from('a: b\r\n'), body: [], size: 8, eightBit: false };
  expect(
    tryStamp(
      message(() => stamped),
      '7bit',
    ),
  ).toEqual({ stamped });
});

test("a reader's impossible address is a result, which does not repeat it", () => {
  const { failure } = tryStamp(failing(invalidField('to', 'invalid', 'anna@@x')), '7bit') as {
    failure: { kind: string; reason: string };
  };
  expect(failure.kind).toBe('impossible');
  expect(failure.reason).not.toContain('anna');
});

test.each([invalidField('unsubscribeUrl', 'invalid', 'x'), new Error('The mail has a slot "greeting".')])(
  'what is wrong for every reader is thrown: %s',
  (error) => {
    expect(() => tryStamp(failing(error), '8bit')).toThrow(error);
  },
);
