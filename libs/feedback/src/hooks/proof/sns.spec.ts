import fc from 'fast-check';
import { AMAZON_SNS } from '../providers/amazon/ses.js';
import { minutesBefore, NOW, requestOf } from '../hooks.fixture.js';
import { certificateOf, rsaKeys } from './certificate.fixture.js';
import { signSns, type SnsFields } from './sns.fixture.js';
import { readSns } from './sns.js';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b2c.pem';
const CONFIRM_URL = `https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TOPIC}&Token=abc`;
const keys = rsaKeys();
const CERTIFICATE = certificateOf({ name: 'sns.amazonaws.com', keys });
const notification: SnsFields = {
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: TOPIC,
  Subject: 'Amazon SES Email Event Notification',
  Message: '{"eventType":"Bounce"}',
  Timestamp: '2026-11-28T09:29:58.123Z',
  SignatureVersion: '2',
  SigningCertURL: CERTIFICATE_URL,
  UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
};
const subscription: SnsFields = {
  ...notification,
  Type: 'SubscriptionConfirmation',
  Message: 'You have chosen to subscribe.',
  Token: 'abc',
  SubscribeURL: CONFIRM_URL,
};
const signed = (changes: Record<string, string | undefined> = {}, base = notification): SnsFields => {
  const fields = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== undefined);
  return signSns(Object.fromEntries(fields) as SnsFields, keys.privateKey);
};

async function read(fields: unknown, certificate = CERTIFICATE, headers = {}) {
  const fetched: string[] = [];
  const reading = await readSns(
    requestOf(fields, headers),
    [TOPIC, 'arn:aws:sns:us-east-1:1:x'],
    AMAZON_SNS,
    (url) => {
      fetched.push(url);
      return certificate === '' ? Promise.reject(new Error('down')) : Promise.resolve(certificate);
    },
  );
  return { reading, fetched };
}

describe('a message of SNS', () => {
  it.each([
    ['signed with SHA-256', signed()],
    ['signed with SHA-1', signed({ SignatureVersion: '1' })],
    ['without a subject', signed({ Subject: undefined })],
    ['nearly an hour old', signed({ Timestamp: minutesBefore(59).toISOString() })],
    ['without milliseconds', signed({ Timestamp: '2026-11-28T09:29:58Z' })],
    ['from China', signed({ SigningCertURL: 'https://sns.cn-north-1.amazonaws.com.cn/Service-1.pem' })],
    [
      'from a region of a government',
      signed({ SigningCertURL: 'https://sns.us-gov-west-1.amazonaws.com/Service-1.pem' }),
    ],
  ])('is read when %s', async (_, fields) => {
    const { reading, fetched } = await read(fields);
    expect(reading).toMatchObject({
      is: 'notification',
      id: notification['MessageId'],
      text: notification['Message'],
    });
    expect(fetched).toEqual([fields['SigningCertURL']]);
  });

  it('that confirms a subscription gives the URL', async () => {
    expect((await read(signed({}, subscription))).reading).toEqual({
      is: 'subscription',
      confirmUrl: CONFIRM_URL,
    });
  });

  it('that ends a subscription is told, not done again', async () => {
    const { reading } = await read(signed({ Type: 'UnsubscribeConfirmation' }, subscription));
    expect(reading).toMatchObject({ is: 'notification', text: 'UnsubscribeConfirmation' });
  });

  it.each<[string, string, Record<string, string | undefined>]>([
    ['topic', 'of another topic', { TopicArn: `${TOPIC}2` }],
    ['stale', 'older than an hour', { Timestamp: minutesBefore(61).toISOString() }],
    ['stale', 'of the future', { Timestamp: minutesBefore(-6).toISOString() }],
    ['stale', 'of no time', { Timestamp: 'yesterday' }],
    ['signature', 'whose certificate is elsewhere', { SigningCertURL: 'https://sns.example.org/a.pem' }],
    [
      'signature',
      'whose certificate is at a host that ends so',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com.example.org/a.pem' },
    ],
    [
      'signature',
      'whose certificate is behind a user',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com@example.org/a.pem' },
    ],
    [
      'signature',
      'whose certificate is at a port',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com:8443/a.pem' },
    ],
    [
      'signature',
      "whose certificate is in anybody's bucket",
      { SigningCertURL: 'https://sns.s3-us-west-2.amazonaws.com/a.pem' },
    ],
    [
      'signature',
      'whose certificate is in a bucket of S3',
      { SigningCertURL: 'https://sns.s3.amazonaws.com/a.pem' },
    ],
    [
      'signature',
      'whose certificate comes by http',
      { SigningCertURL: CERTIFICATE_URL.replace('https', 'http') },
    ],
    [
      'signature',
      'whose certificate is no .pem',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/?a.pem' },
    ],
    [
      'signature',
      'whose certificate is above',
      { SigningCertURL: 'https://sns.eu-west-1.amazonaws.com/../a.pem' },
    ],
    ['signature', 'with a line after its URL', { SigningCertURL: `${CERTIFICATE_URL}\n` }],
    ['shape', 'of no known signature', { SignatureVersion: '3' }],
    ['shape', 'of no known type', { Type: 'Other' }],
    ['shape', 'without an id', { MessageId: undefined }],
  ])('is refused for its %s when %s, and nothing is fetched', async (reason, _, changes) => {
    const { reading, fetched } = await read(signed(changes));
    expect(reading).toMatchObject({ is: 'refused', reason });
    expect(fetched).toEqual([]);
  });

  it('is refused when it is to be confirmed elsewhere, though it is signed', async () => {
    const { reading } = await read(
      signed({ SubscribeURL: 'https://169.254.169.254/?Action=ConfirmSubscription' }, subscription),
    );
    expect(reading).toMatchObject({ is: 'refused', reason: 'shape' });
  });

  it.each([
    ['another key', certificateOf({ name: 'sns.amazonaws.com', keys: rsaKeys() })],
    [
      'one that is over',
      certificateOf({ name: 'sns.amazonaws.com', keys, to: new Date('2026-11-28T09:29:00Z') }),
    ],
    [
      'one that is not yet',
      certificateOf({ name: 'sns.amazonaws.com', keys, from: new Date('2026-11-28T09:31:00Z') }),
    ],
    ['a page of errors', '<html></html>'],
  ])('is refused when its certificate is %s', async (_, certificate) => {
    expect((await read(signed(), certificate)).reading).toMatchObject({ is: 'refused', reason: 'signature' });
  });

  it('is to be sent again when its certificate cannot be fetched', async () => {
    expect((await read(signed(), '')).reading).toMatchObject({ is: 'refused', reason: 'certificate' });
  });

  it('is refused raw: then it is not signed', async () => {
    const { reading } = await read('{"eventType":"Bounce"}', CERTIFICATE, {
      'x-amz-sns-rawdelivery': 'true',
    });
    expect(reading).toMatchObject({ is: 'refused', reason: 'signature' });
  });

  it('is refused when one letter of what is signed differs', async () => {
    const whole = signed();
    const names = ['Message', 'MessageId', 'Subject', 'Signature'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), async (name, place) => {
        const value = whole[name]!;
        const at = place % (name === 'Signature' ? value.length - 4 : value.length);
        const letter = value[at] === 'A' ? 'B' : 'A';
        const { reading } = await read({
          ...whole,
          [name]: value.slice(0, at) + letter + value.slice(at + 1),
        });
        expect(reading).toMatchObject({ is: 'refused', reason: 'signature' });
      }),
    );
  });

  it('is as old as it says, by the clock that is given', () => {
    expect(NOW.getTime() - Date.parse(notification['Timestamp']!)).toBeLessThan(60_000);
  });
});
