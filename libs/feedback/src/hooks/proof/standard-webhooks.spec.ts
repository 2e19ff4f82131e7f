import { minutesBefore, NOW, RESEND_SECRET, requestOf, signedByStandardWebhooks } from '../hooks.fixture.js';
import type { HookRequest } from '../hook.js';
import { verifyStandardWebhook } from './standard-webhooks.js';

const BODY = { type: 'email.bounced' };
const good = signedByStandardWebhooks(BODY);
const header = (name: string) => String(good.headers[name]);
const verify = (request: HookRequest) => verifyStandardWebhook(request, RESEND_SECRET);

describe('Standard Webhooks', () => {
  it('agrees with the example of the documentation', () => {
    // https://docs.svix.com/receiving/verifying-payloads/how-manual
    const request = requestOf(
      '{"test": 2432232314}',
      {
        'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
        'webhook-timestamp': '1614265330',
        'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
      },
      { now: new Date(1_614_265_330_000) },
    );
    expect(verifyStandardWebhook(request, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toEqual({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    });
  });

  it.each<[string, HookRequest]>([
    ['as it came', good],
    [
      'of two, while the secret is changed',
      {
        ...good,
        headers: { ...good.headers, 'svix-signature': `v1,AAAA ${header('svix-signature')} v1a,BBBB` },
      },
    ],
    ['five minutes old', signedByStandardWebhooks(BODY, minutesBefore(5))],
    ['five minutes ahead', signedByStandardWebhooks(BODY, minutesBefore(-5))],
  ])('takes a signature %s', (_, request) => {
    expect(verify(request)).toEqual({ id: 'msg_1' });
  });

  it.each<[string, string, HookRequest]>([
    ['signature', 'without headers', requestOf(BODY)],
    ['signature', 'of another body', { ...good, body: Buffer.from('{"type":"email.bouncee"}') }],
    ['signature', 'of another id', { ...good, headers: { ...good.headers, 'svix-id': 'msg_2' } }],
    [
      'signature',
      'of another version',
      {
        ...good,
        headers: { ...good.headers, 'svix-signature': header('svix-signature').replace('v1,', 'v2,') },
      },
    ],
    ['signature', 'of another secret', good],
    ['stale', 'six minutes old', signedByStandardWebhooks(BODY, minutesBefore(6))],
    ['stale', 'six minutes ahead', signedByStandardWebhooks(BODY, minutesBefore(-6))],
    ['stale', 'of no time', { ...good, headers: { ...good.headers, 'svix-timestamp': 'now' } }],
  ])('refuses for its %s one %s', (reason, what, request) => {
    const secret =
      what === 'of another secret' ? `whsec_${Buffer.alloc(24).toString('base64')}` : RESEND_SECRET;
    expect(verifyStandardWebhook(request, secret)).toMatchObject({ is: 'refused', reason });
  });

  it('has a time of its own at each attempt, so an old one is not new again', () => {
    const later = { ...good, now: minutesBefore(-10, NOW) };
    expect(verify(later)).toMatchObject({ reason: 'stale' });
  });
});
