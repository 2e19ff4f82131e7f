import {
  eventsIn,
  gist,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  SECRET,
  withSecret,
} from '../hooks.fixture.js';
import { postmark, POSTMARK_BOUNCES } from './postmark.js';

const bounce = {
  RecordType: 'Bounce',
  ID: 4323372036854776,
  Type: 'HardBounce',
  TypeCode: 1,
  Name: 'Hard bounce',
  MessageID: '883953f4-6105-42a2-a16a-77a8eac79483',
  Description: 'The server was unable to deliver your message.',
  Details: 'smtp;550 5.1.1 The email account does not exist',
  Email: 'Reader@example.com',
  BouncedAt: '2026-11-28T05:02:19.2180000-04:00',
  Inactive: true,
  Metadata: { 'Message-ID': OUR_MESSAGE_ID },
};
const read = async (body: unknown) =>
  eventsIn(await postmark.read(withSecret(body), { secret: SECRET }, noCertificate));

describe('what Postmark tells', () => {
  it.each<[string, number, string]>([
    ['HardBounce', 1, 'bounce hard'],
    ['Transient', 2, 'delayed soft'],
    ['Unsubscribe', 16, 'unsubscribe -'],
    ['Subscribe', 32, 'unknown -'],
    ['AutoResponder', 64, 'unknown -'],
    ['AddressChange', 128, 'unknown -'],
    ['DnsError', 256, 'bounce soft'],
    ['SpamNotification', 512, 'bounce blocked'],
    ['OpenRelayTest', 1024, 'unknown -'],
    ['Unknown', 2048, 'bounce -'],
    ['SoftBounce', 4096, 'bounce soft'],
    ['VirusNotification', 8192, 'bounce blocked'],
    ['ChallengeVerification', 16384, 'unknown -'],
    ['BadEmailAddress', 100000, 'bounce hard'],
    ['SpamComplaint', 100001, 'complaint -'],
    ['ManuallyDeactivated', 100002, 'bounce -'],
    ['Unconfirmed', 100003, 'unknown -'],
    ['Blocked', 100006, 'bounce blocked'],
    ['SMTPApiError', 100007, 'bounce blocked'],
    ['InboundError', 100008, 'unknown -'],
    ['DMARCPolicy', 100009, 'bounce blocked'],
    ['TemplateRenderingFailed', 100010, 'bounce blocked'],
  ])('by a bounce of type %s, by its name and by its code %i', async (Type, TypeCode, expected) => {
    const gists = (
      await read([
        { ...bounce, Type },
        { ...bounce, Type: undefined, TypeCode },
      ])
    ).map(gist);
    expect(gists).toEqual([`${expected} reader@example.com`, `${expected} reader@example.com`]);
  });

  it('has no type that the table above leaves out', () => {
    expect(POSTMARK_BOUNCES).toHaveLength(22);
  });

  it.each<[object, string]>([
    [
      { RecordType: 'SpamComplaint', Type: 'SpamComplaint', TypeCode: 100001, Email: 'r@example.com', ID: 9 },
      'complaint - r@example.com',
    ],
    [
      {
        RecordType: 'Delivery',
        Recipient: 'r@example.com',
        DeliveredAt: '2026-11-28T09:00:00Z',
        Details: 'OK',
      },
      'delivered - r@example.com',
    ],
    [
      {
        RecordType: 'SubscriptionChange',
        Recipient: 'r@example.com',
        SuppressSending: true,
        SuppressionReason: 'ManualSuppression',
        Origin: 'Recipient',
      },
      'unsubscribe - r@example.com',
    ],
    [
      {
        RecordType: 'SubscriptionChange',
        Recipient: 'r@example.com',
        SuppressSending: true,
        SuppressionReason: 'ManualSuppression',
        Origin: 'Customer',
      },
      'unknown - r@example.com',
    ],
    [
      {
        RecordType: 'SubscriptionChange',
        Recipient: 'r@example.com',
        SuppressSending: true,
        SuppressionReason: 'HardBounce',
        Origin: 'Recipient',
      },
      'unknown - r@example.com',
    ],
    [
      {
        RecordType: 'SubscriptionChange',
        Recipient: 'r@example.com',
        SuppressSending: false,
        SuppressionReason: null,
        Origin: 'Recipient',
      },
      'unknown - r@example.com',
    ],
    [{ RecordType: 'Open', Recipient: 'r@example.com' }, 'unknown - r@example.com'],
    [
      { RecordType: 'Bounce', Type: 'SomethingNew', TypeCode: 7, Email: 'r@example.com' },
      'bounce - r@example.com',
    ],
  ])('by %j', async (record, expected) => {
    expect((await read(record)).map(gist)).toEqual([expected]);
  });

  it('has the words, the codes and the ids', async () => {
    expect(await read(bounce)).toMatchObject([
      {
        kind: 'bounce',
        name: 'Bounce/HardBounce',
        recipient: 'reader@example.com',
        messageId: OUR_MESSAGE_ID,
        providerMessageId: '883953f4-6105-42a2-a16a-77a8eac79483',
        code: 550,
        status: '5.1.1',
        text: 'smtp;550 5.1.1 The email account does not exist',
        verdict: 'hard',
        at: new Date('2026-11-28T09:02:19.218Z'),
      },
    ]);
  });

  it('has ids that stay, and differ where a number is too great to', async () => {
    const ids = async (changes: object) =>
      (await read({ ...bounce, ID: 4323372036854775807n.toString(), ...changes }))[0]!.id;
    expect(await ids({})).toBe(await ids({}));
    expect(await ids({ MessageID: 'another' })).not.toBe(await ids({}));
    expect(await ids({ RecordType: 'SpamComplaint' })).not.toBe(await ids({}));
  });

  it('is refused without the secret', async () => {
    expect(await postmark.read(requestOf(bounce), { secret: SECRET }, noCertificate)).toMatchObject({
      reason: 'unauthorised',
    });
  });
});
