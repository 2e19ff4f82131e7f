import { X509Certificate } from 'node:crypto';
import { eventsIn, gist, minutesBefore, NOW, OUR_MESSAGE_ID, requestOf } from '../../hooks.fixture.js';
import { certificateOf, rsaKeys } from '../../proof/certificate.fixture.js';
import { signSns, type SnsFields } from '../../proof/sns.fixture.js';
import { SCALEWAY_ROOT } from './scaleway-root.js';
import { scaleway } from './scaleway.js';

const [rootKeys, middleKeys, leafKeys] = [rsaKeys(), rsaKeys(), rsaKeys()];
const root = certificateOf({ name: 'Root', keys: rootKeys, isAuthority: true });
const middle = certificateOf({
  name: 'MnQ',
  keys: middleKeys,
  by: { name: 'Root', keys: rootKeys },
  isAuthority: true,
});
const leaf = certificateOf({ name: 'sns.mnq', keys: leafKeys, by: { name: 'MnQ', keys: middleKeys } });

const topic = 'arn:scw:sns:fr-par:project-1:feedback';
const settings = { topics: [topic], rootCertificate: root };
const AT = 'https://messaging.s3.fr-par.scw.cloud/fr-par/sns/';
const fields = (event: unknown): SnsFields => ({
  Type: 'Notification',
  MessageId: 'sns-9',
  TopicArn: topic,
  Message: JSON.stringify(event),
  Timestamp: NOW.toISOString(),
  SignatureVersion: '1',
  SigningCertURL: `${AT}sns_certificate_42.crt`,
});
const event = (type: string, more: object = {}) => ({
  id: 'b0f7c2de-event',
  type,
  project_id: 'project-1',
  created_at: '2026-11-28T09:29:00Z',
  email_id: 'd4fbec9d-mail',
  email_from: 'news@example.org',
  email_to: 'reader@example.com',
  email_headers: [{ key: 'Message-Id', value: OUR_MESSAGE_ID }],
  ...more,
});
const files: Record<string, string> = {
  [`${AT}sns_certificate_42.crt`]: leaf,
  [`${AT}sns-trust-chain.pem`]: `${root}\n${middle}`,
};
const fetchFrom = (from: Record<string, string>) => (url: string) =>
  url in from ? Promise.resolve(from[url]!) : Promise.reject(new Error('not there'));
const read = (message: SnsFields, from = files, given: object = settings) =>
  scaleway.read(requestOf(signSns(message, leafKeys.privateKey)), given, fetchFrom(from));

describe('Scaleway through Topics and Events', () => {
  it.each<[object, string]>([
    [event('email_dropped', { email_response_code: 550 }), 'bounce - reader@example.com'],
    [event('email_mailbox_not_found'), 'bounce hard reader@example.com'],
    [event('email_blocklisted', { blocklist_type: 'mailbox_not_found' }), 'bounce hard reader@example.com'],
    [event('email_blocklisted', { blocklist_type: 'mailbox_full' }), 'bounce soft reader@example.com'],
    [event('email_blocklisted', { blocklist_type: 'other' }), 'bounce - reader@example.com'],
    [event('email_spam'), 'bounce blocked reader@example.com'],
    [event('email_deferred'), 'delayed soft reader@example.com'],
    [event('email_delivered'), 'delivered - reader@example.com'],
    [event('email_queued'), 'unknown - reader@example.com'],
    [event('blocklist_created'), 'unknown - reader@example.com'],
    [[], 'unknown - -'],
  ])('tells %j', async (told, expected) => {
    expect(eventsIn(await read(fields(told))).map(gist)).toEqual([expected]);
  });

  it('has the words, the codes and the ids', async () => {
    const dropped = event('email_dropped', {
      email_response_code: 550,
      email_response_message: '5.1.1 No such user here',
    });
    expect(eventsIn(await read(fields(dropped)))[0]).toMatchObject({
      id: 'b0f7c2de-event',
      name: 'email_dropped',
      code: 550,
      status: '5.1.1',
      messageId: OUR_MESSAGE_ID,
      providerMessageId: 'd4fbec9d-mail',
      at: new Date('2026-11-28T09:29:00Z'),
    });
  });

  it('sends a message again for hours', async () => {
    const aged = (minutes: number) => ({ ...fields({}), Timestamp: minutesBefore(minutes).toISOString() });
    expect(await read(aged(470))).toMatchObject({ is: 'events' });
    expect(await read(aged(490))).toMatchObject({ reason: 'stale' });
  });

  it('confirms a subscription at its own host only', async () => {
    const subscription = (url: string) => ({
      ...fields({}),
      Type: 'SubscriptionConfirmation',
      Token: 't',
      SubscribeURL: url,
    });
    const url = 'https://sns.mnq.fr-par.scaleway.com/?Action=ConfirmSubscription&Token=t';
    expect(await read(subscription(url))).toEqual({ is: 'subscription', confirmUrl: url });
    expect(
      await read(subscription('https://sns.mnq.fr-par.scaleway.com.example.org/?Token=t')),
    ).toMatchObject({
      reason: 'shape',
    });
  });

  it('believes a certificate by its authority, not by where it lies', async () => {
    const own = certificateOf({ name: 'sns.mnq', keys: leafKeys, by: { name: 'MnQ', keys: leafKeys } });
    const certificate = `${AT}sns_certificate_42.crt`;
    expect(await read(fields({}), { ...files, [certificate]: own })).toMatchObject({ reason: 'signature' });
    expect(await read(fields({}), files, { topics: [topic] })).toMatchObject({ reason: 'signature' });
    expect(await read(fields({}), { [certificate]: leaf })).toMatchObject({ reason: 'certificate' });
    expect(await read(fields({}), { [certificate]: leaf + middle })).toMatchObject({ is: 'events' });
  });

  it.each([
    'https://attacker.s3.fr-par.scw.cloud/fr-par/sns/a.crt',
    'https://messaging.s3.fr-par.scw.cloud@example.org/fr-par/sns/a.crt',
    'https://messaging.s3.fr-par.scw.cloud/other/a.crt',
    'http://messaging.s3.fr-par.scw.cloud/fr-par/sns/a.crt',
  ])('has no certificate at %s', async (SigningCertURL) => {
    expect(await read({ ...fields({}), SigningCertURL })).toMatchObject({ reason: 'signature' });
  });

  it('has a root that vouches for itself and is good for years', () => {
    const built = new X509Certificate(SCALEWAY_ROOT);
    expect([built.verify(built.publicKey), built.ca, new Date(built.validTo).getUTCFullYear()]).toEqual([
      true,
      true,
      2032,
    ]);
  });
});
