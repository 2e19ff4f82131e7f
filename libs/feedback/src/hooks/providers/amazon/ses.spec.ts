import { gist, eventsIn, NOW, requestOf } from '../../hooks.fixture.js';
import { certificateOf, rsaKeys } from '../../proof/certificate.fixture.js';
import { signSns } from '../../proof/sns.fixture.js';
import { ses } from './ses.js';

const keys = rsaKeys();
const topic = 'arn:aws:sns:us-east-1:123456789012:ses';
const request = (text: string) =>
  requestOf(
    signSns(
      {
        Type: 'Notification',
        MessageId: 'sns-7',
        TopicArn: topic,
        Message: text,
        Timestamp: NOW.toISOString(),
        SignatureVersion: '1',
        SigningCertURL: 'https://sns.us-east-1.amazonaws.com/Service-1.pem',
      },
      keys.privateKey,
    ),
  );
const certificate = () => Promise.resolve(certificateOf({ name: 'sns.amazonaws.com', keys }));

describe('SES through SNS', () => {
  it('is read, and can be told from a replay', async () => {
    const bounce = {
      eventType: 'Bounce',
      bounce: {
        bounceType: 'Permanent',
        bounceSubType: 'General',
        bouncedRecipients: [{ emailAddress: 'reader@example.com' }],
      },
    };
    const reading = await ses.read(request(JSON.stringify(bounce)), { topics: [topic] }, certificate);
    expect(reading).toMatchObject({ is: 'events', once: 'sns-7' });
    expect(eventsIn(reading).map(gist)).toEqual(['bounce hard reader@example.com']);
  });

  it('tells of what is no JSON', async () => {
    const text = 'Successfully validated SNS topic for Amazon SES event publishing.';
    expect(eventsIn(await ses.read(request(text), { topics: [topic] }, certificate)).map(gist)).toEqual([
      'unknown - -',
    ]);
  });
});
