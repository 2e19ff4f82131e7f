import {
  eventsIn,
  gist,
  noCertificate,
  OUR_MESSAGE_ID,
  RESEND_SECRET,
  signedByStandardWebhooks,
} from '../hooks.fixture.js';
import { resend } from './resend.js';

const event = (type: string, data: object = {}) => ({
  type,
  created_at: '2026-11-28T09:29:00.126Z',
  data: {
    created_at: '2026-11-28T09:20:00.000Z',
    email_id: '56761188-7520-42d8-8898-ff6fc54ce618',
    from: 'News <news@example.org>',
    to: ['Reader@example.com'],
    subject: 'News',
    ...data,
  },
});
const bounced = (type: string, subType: string) =>
  event('email.bounced', { bounce: { type, subType, message: "The recipient's server sent a bounce." } });
const settings = { secret: RESEND_SECRET };
const read = async (body: unknown) =>
  eventsIn(await resend.read(signedByStandardWebhooks(body), settings, noCertificate));

describe('what Resend tells', () => {
  it.each<[string, object, string]>([
    ['email.bounced/Permanent/General', bounced('Permanent', 'General'), 'bounce hard'],
    ['email.bounced/Permanent/Suppressed', bounced('Permanent', 'Suppressed'), 'bounce hard'],
    ['email.bounced/Transient/MailboxFull', bounced('Transient', 'MailboxFull'), 'bounce soft'],
    ['email.bounced/Transient/ContentRejected', bounced('Transient', 'ContentRejected'), 'bounce blocked'],
    ['email.bounced/Undetermined/Undetermined', bounced('Undetermined', 'Undetermined'), 'bounce -'],
    [
      'email.suppressed/OnAccountSuppressionList',
      event('email.suppressed', {
        suppressed: { type: 'OnAccountSuppressionList', message: 'It is suppressed.' },
      }),
      'bounce hard',
    ],
    [
      'email.failed/reached_daily_quota',
      event('email.failed', { failed: { reason: 'reached_daily_quota' } }),
      'bounce blocked',
    ],
    ['email.delivery_delayed', event('email.delivery_delayed'), 'delayed soft'],
    ['email.complained', event('email.complained'), 'complaint -'],
    ['email.delivered', event('email.delivered'), 'delivered -'],
    ['email.opened', event('email.opened'), 'unknown -'],
  ])('by %s', async (name, body, expected) => {
    const [one] = await read(body);
    expect([one!.name, gist(one!)]).toEqual([name, `${expected} reader@example.com`]);
  });

  it.each<[string, object]>([
    ['headers', { headers: [{ name: 'Message-ID', value: OUR_MESSAGE_ID }] }],
    ['a field', { message_id: OUR_MESSAGE_ID }],
  ])('has our Message-ID by %s, and the words of the server', async (_, more) => {
    const body = event('email.bounced', {
      ...more,
      bounce: { type: 'Permanent', message: 'It bounced.', diagnosticCode: ['smtp; 550 5.1.1 no such user'] },
    });
    expect((await read(body))[0]).toMatchObject({
      id: 'msg_1',
      messageId: OUR_MESSAGE_ID,
      providerMessageId: '56761188-7520-42d8-8898-ff6fc54ce618',
      code: 550,
      status: '5.1.1',
      at: new Date('2026-11-28T09:29:00.126Z'),
    });
  });

  it('does not say which of two recipients it is about', async () => {
    expect(
      (await read(event('email.bounced', { to: ['a@example.com', 'b@example.com'] })))[0]!.recipient,
    ).toBeNull();
  });

  it('is told from a replay by the id of its message', async () => {
    const reading = await resend.read(
      signedByStandardWebhooks(event('email.complained')),
      settings,
      noCertificate,
    );
    expect(reading).toMatchObject({ is: 'events', once: 'msg_1' });
  });

  it('has a secret that is base64', () => {
    expect(resend.settings.safeParse({ secret: 'whsec_short-and-not!base64' }).success).toBe(false);
  });
});
