import {
  eventsIn,
  gist,
  MAILGUN_KEY,
  minutesBefore,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  signedByMailgun,
} from '../../hooks.fixture.js';
import type { HookRequest } from '../../hook.js';
import { mailgun } from './mailgun.js';

const failed = (severity: string, reason: string, delivery: object = {}) => ({
  id: 'G9Bn5sl1TC6nu79C8C0bwg',
  event: 'failed',
  timestamp: 1795858140.37,
  'log-level': 'error',
  severity,
  reason,
  recipient: 'reader@example.com',
  message: { headers: { to: 'Reader <reader@example.com>', 'message-id': OUR_MESSAGE_ID.slice(1, -1) } },
  'delivery-status': {
    code: 550,
    message: '5.1.1 The email account that you tried to reach does not exist',
    description: '',
    'attempt-no': 1,
    ...delivery,
  },
});
const readRequest = (request: HookRequest) =>
  mailgun.read(request, { signingKey: MAILGUN_KEY }, noCertificate);
const read = async (data: unknown) => eventsIn(await readRequest(signedByMailgun(data)));

describe('what Mailgun tells', () => {
  it.each<[object, string]>([
    [failed('permanent', 'bounce'), 'bounce hard reader@example.com'],
    [failed('permanent', 'bounce', { 'bounce-type': 'soft' }), 'bounce soft reader@example.com'],
    [failed('permanent', 'generic', { 'bounce-type': 'hard' }), 'bounce hard reader@example.com'],
    [failed('permanent', 'generic'), 'bounce - reader@example.com'],
    [failed('permanent', 'suppress-bounce', { code: 605 }), 'bounce hard reader@example.com'],
    [failed('permanent', '', { code: 605, 'bounce-type': 'hard' }), 'bounce hard reader@example.com'],
    [failed('permanent', 'suppress-unsubscribe', { code: 606 }), 'unsubscribe - reader@example.com'],
    [failed('permanent', 'suppress-complaint', { code: 607 }), 'complaint - reader@example.com'],
    [failed('permanent', 'other', { code: 607 }), 'complaint - reader@example.com'],
    [failed('permanent', 'espblock'), 'bounce blocked reader@example.com'],
    [failed('permanent', 'old', { code: 602 }), 'bounce soft reader@example.com'],
    [failed('temporary', 'generic', { code: 452 }), 'delayed soft reader@example.com'],
    [{ event: 'complained', recipient: 'reader@example.com' }, 'complaint - reader@example.com'],
    [
      { event: 'unsubscribed', recipient: 'reader@example.com', tags: ['*'] },
      'unsubscribe - reader@example.com',
    ],
    [{ event: 'delivered', recipient: 'reader@example.com' }, 'delivered - reader@example.com'],
    [
      {
        event: 'rejected',
        reject: { reason: 'Sandbox' },
        message: { headers: { to: 'R <Reader@example.com>' } },
      },
      'bounce blocked reader@example.com',
    ],
    [{ event: 'opened', recipient: 'reader@example.com' }, 'unknown - reader@example.com'],
    [[], 'unknown - -'],
  ])('by %j', async (data, expected) => {
    expect((await read(data)).map(gist)).toEqual([expected]);
  });

  it('has the words, the codes and the ids', async () => {
    expect(await read(failed('permanent', 'bounce', { 'enhanced-code': '5.1.1' }))).toEqual([
      {
        id: 'G9Bn5sl1TC6nu79C8C0bwg',
        kind: 'bounce',
        name: 'failed/permanent/bounce',
        recipient: 'reader@example.com',
        messageId: OUR_MESSAGE_ID,
        providerMessageId: OUR_MESSAGE_ID.slice(1, -1),
        code: 550,
        status: '5.1.1',
        text: '5.1.1 The email account that you tried to reach does not exist',
        verdict: 'hard',
        at: new Date(1795858140370),
      },
    ]);
  });

  it('has no code that SMTP has not', async () => {
    expect((await read(failed('permanent', 'suppress-bounce', { code: 605 })))[0]!.code).toBeNull();
  });

  it('hands out what it bears once: a signature fits any event', async () => {
    const request = signedByMailgun(failed('temporary', 'generic'), minutesBefore(1), 'once-only');
    expect(await readRequest(request)).toMatchObject({ is: 'events', once: 'once-only' });
  });

  it.each<[string, string, HookRequest]>([
    ['signature', 'of another key', signedByMailgun({})],
    [
      'signature',
      'of another token',
      requestOf(Buffer.from(signedByMailgun({}).body).toString().replace('aaaa', 'aaab')),
    ],
    ['stale', 'of ten hours ago', signedByMailgun({}, minutesBefore(600))],
    ['stale', 'of the future', signedByMailgun({}, minutesBefore(-6))],
    ['shape', 'without signature', requestOf({ 'event-data': failed('permanent', 'bounce') })],
    ['shape', 'of a form', requestOf('timestamp=1&token=2&signature=3')],
  ])('is refused for its %s: %s', async (reason, what, request) => {
    const signingKey = what === 'of another key' ? 'another-signing-key' : MAILGUN_KEY;
    expect(await mailgun.read(request, { signingKey }, noCertificate)).toMatchObject({
      is: 'refused',
      reason,
    });
  });

  it('is believed eight hours later, when it is tried for the last time', async () => {
    expect(await readRequest(signedByMailgun({}, minutesBefore(490)))).toMatchObject({ is: 'events' });
  });
});
