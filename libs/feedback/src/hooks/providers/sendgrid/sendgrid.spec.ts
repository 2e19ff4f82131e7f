import {
  eventsIn,
  gist,
  minutesBefore,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  SENDGRID_PUBLIC_KEY,
  signedBySendgrid,
} from '../../hooks.fixture.js';
import type { HookRequest } from '../../hook.js';
import { sendgrid } from './sendgrid.js';

const event = (name: string, more: object = {}) => ({
  email: 'Reader@example.com',
  timestamp: 1795858140,
  'smtp-id': OUR_MESSAGE_ID,
  event: name,
  sg_event_id: 'ZHJvcC0xMDk5NDkxOS1M',
  sg_message_id: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
  ...more,
});
const settings = { publicKey: SENDGRID_PUBLIC_KEY };
const readRequest = (request: HookRequest) => sendgrid.read(request, settings, noCertificate);
const read = async (events: unknown) => eventsIn(await readRequest(signedBySendgrid(events)));

describe('what SendGrid tells', () => {
  it.each<[object, string]>([
    [event('bounce', { type: 'bounce' }), 'bounce hard'],
    [event('bounce', { type: 'bounce', bounce_classification: 'Invalid Address' }), 'bounce hard'],
    [event('bounce', { type: 'bounce', bounce_classification: 'Mailbox Unavailable' }), 'bounce -'],
    [event('bounce', { type: 'bounce', bounce_classification: 'Unclassified' }), 'bounce -'],
    [event('bounce', { type: 'blocked', bounce_classification: 'Reputation' }), 'bounce blocked'],
    [event('bounce', { type: 'blocked', bounce_classification: 'Content' }), 'bounce blocked'],
    [
      event('bounce', { type: 'blocked', bounce_classification: 'Frequency or Volume Too High' }),
      'bounce blocked',
    ],
    [event('bounce', { type: 'blocked', bounce_classification: 'Technical' }), 'bounce soft'],
    [event('bounce', { type: 'blocked' }), 'bounce blocked'],
    [event('bounce', { type: 'expired' }), 'bounce soft'],
    [event('dropped', { reason: 'Bounced Address' }), 'bounce hard'],
    [event('dropped', { reason: 'Invalid' }), 'bounce hard'],
    [event('dropped', { reason: 'Invalid SMTPAPI header' }), 'bounce blocked'],
    [event('dropped', { reason: 'Unsubscribed Address' }), 'unsubscribe -'],
    [event('dropped', { reason: 'Spam Reporting Address' }), 'complaint -'],
    [event('dropped', { reason: 'Spam Content (if spam checker app enabled)' }), 'bounce blocked'],
    [event('dropped', { reason: 'Recipient List over Package Quota' }), 'bounce blocked'],
    [event('dropped'), 'bounce blocked'],
    [event('deferred', { response: '400 try again later', attempt: '5' }), 'delayed soft'],
    [event('spamreport'), 'complaint -'],
    [event('unsubscribe'), 'unsubscribe -'],
    [event('group_unsubscribe', { asm_group_id: 10 }), 'unsubscribe -'],
    [event('group_resubscribe', { asm_group_id: 10 }), 'unknown -'],
    [event('delivered', { response: '250 OK' }), 'delivered -'],
    [event('open', { useragent: 'Mozilla/5.0' }), 'unknown -'],
    [event('processed'), 'unknown -'],
  ])('by %j', async (told, expected) => {
    expect((await read([told])).map(gist)).toEqual([`${expected} reader@example.com`]);
  });

  it('has the words, the codes and the ids', async () => {
    const told = event('bounce', {
      type: 'bounce',
      status: '5.1.1',
      reason: '550 5.1.1 No such user - gsmtp',
    });
    expect(await read([told])).toEqual([
      {
        id: 'ZHJvcC0xMDk5NDkxOS1M',
        kind: 'bounce',
        name: 'bounce/bounce',
        recipient: 'reader@example.com',
        messageId: OUR_MESSAGE_ID,
        providerMessageId: '14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0',
        code: 550,
        status: '5.1.1',
        text: '550 5.1.1 No such user - gsmtp',
        verdict: 'hard',
        at: new Date(1795858140000),
      },
    ]);
  });

  it.each<[string, string, HookRequest]>([
    ['signature', 'unsigned', requestOf([event('bounce')])],
    ['signature', 'of another body', { ...signedBySendgrid([event('bounce')]), body: Buffer.from('[]') }],
    ['signature', 'with a line end less', { ...signedBySendgrid('[]\r\n'), body: Buffer.from('[]') }],
    [
      'signature',
      'signed with nothing',
      {
        ...signedBySendgrid([]),
        headers: { ...signedBySendgrid([]).headers, 'x-twilio-email-event-webhook-signature': '%%' },
      },
    ],
    ['stale', 'of two days ago', signedBySendgrid([], minutesBefore(48 * 60))],
    ['stale', 'of the future', signedBySendgrid([], minutesBefore(-6))],
    ['shape', 'no JSON', signedBySendgrid('email=reader')],
    ['shape', 'too many', signedBySendgrid(new Array(10_001).fill({}))],
  ])('is refused for its %s: %s', async (reason, _, request) => {
    expect(await readRequest(request)).toMatchObject({ is: 'refused', reason });
  });

  it('has our Message-ID by a unique argument too: a complaint bears no smtp-id', async () => {
    const told = event('spamreport', { 'smtp-id': undefined, message_id: OUR_MESSAGE_ID });
    expect((await read([told]))[0]!.messageId).toBe(OUR_MESSAGE_ID);
  });

  it("agrees with the example of SendGrid's own libraries", async () => {
    const dropped = {
      email: 'hello@world.com',
      event: 'dropped',
      reason: 'Bounced Address',
      sg_event_id: 'ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA',
      sg_message_id: 'LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C-9.0',
      'smtp-id': '<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>',
      timestamp: 1600112492,
    };
    const request = requestOf(
      `${JSON.stringify([dropped])}\r\n`,
      {
        'x-twilio-email-event-webhook-signature':
          'MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M15TluLtEZtM=',
        'x-twilio-email-event-webhook-timestamp': '1600112502',
      },
      { now: new Date(1_600_112_502_000) },
    );
    const publicKey =
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==';
    expect(eventsIn(await sendgrid.read(request, { publicKey }, noCertificate)).map(gist)).toEqual([
      'bounce hard hello@world.com',
    ]);
  });

  it('takes the key with the lines of PEM around it, and no other kind of key', () => {
    const lines = `-----BEGIN PUBLIC KEY-----\n${SENDGRID_PUBLIC_KEY}\n-----END PUBLIC KEY-----\n`;
    expect(sendgrid.settings.safeParse({ publicKey: lines }).success).toBe(true);
    expect(sendgrid.settings.safeParse({ publicKey: 'SG.an-api-key' }).success).toBe(false);
  });
});
