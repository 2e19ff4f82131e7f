import {
  eventsIn,
  gist,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  SECRET,
  withSecret,
} from '../hooks.fixture.js';
import { sparkpost, SPARKPOST_CLASSES } from './sparkpost.js';

const message = (type: string, more: object = {}, eventClass = 'message_event') => ({
  msys: {
    [eventClass]: {
      type,
      event_id: '92356927693813856',
      timestamp: '1795858140',
      message_id: '000443ee14578172be22',
      rcpt_to: 'reader@example.com',
      raw_rcpt_to: 'Reader@example.com',
      rcpt_meta: { message_id: OUR_MESSAGE_ID },
      ...more,
    },
  },
});
const read = async (body: unknown) =>
  eventsIn(await sparkpost.read(withSecret(body), { secret: SECRET }, noCertificate));

describe('what SparkPost tells', () => {
  it.each<[number, string]>([
    [1, 'bounce -'],
    [10, 'bounce hard'],
    [20, 'bounce soft'],
    [21, 'bounce soft'],
    [22, 'bounce soft'],
    [23, 'bounce blocked'],
    [24, 'bounce soft'],
    [25, 'bounce blocked'],
    [26, 'bounce blocked'],
    [30, 'bounce hard'],
    [40, 'bounce -'],
    [50, 'bounce blocked'],
    [51, 'bounce blocked'],
    [52, 'bounce blocked'],
    [53, 'bounce blocked'],
    [54, 'bounce blocked'],
    [60, 'unknown -'],
    [70, 'bounce soft'],
    [80, 'unknown -'],
    [90, 'unsubscribe -'],
    [100, 'unknown -'],
    [77, 'bounce -'],
  ])('by a bounce of class %i, at once and later', async (bounceClass, expected) => {
    const events = await read([
      message('bounce', { bounce_class: String(bounceClass) }),
      message('out_of_band', { bounce_class: bounceClass }),
    ]);
    expect(events.map(gist)).toEqual([`${expected} reader@example.com`, `${expected} reader@example.com`]);
  });

  it('has no class that the table above leaves out', () => {
    expect(Object.keys(SPARKPOST_CLASSES)).toHaveLength(21);
  });

  it.each<[object, string]>([
    [
      message('bounce', {
        bounce_class: '25',
        raw_reason: '554 5.7.1 recipient address suppressed due to customer policy',
      }),
      'bounce hard',
    ],
    [
      message('policy_rejection', { bounce_class: '25', raw_reason: '550 5.7.1 sender not allowed' }),
      'bounce blocked',
    ],
    [
      message(
        'generation_rejection',
        { reason: 'recipient address suppressed due to system policy' },
        'gen_event',
      ),
      'bounce hard',
    ],
    [message('generation_failure', {}, 'gen_event'), 'bounce blocked'],
    [message('delay', { bounce_class: '22' }), 'delayed soft'],
    [message('delay', { bounce_class: '51' }), 'delayed blocked'],
    [message('spam_complaint', { fbtype: 'abuse' }), 'complaint -'],
    [message('spam_complaint', { fbtype: 'not-spam' }), 'unknown -'],
    [message('list_unsubscribe', {}, 'unsubscribe_event'), 'unsubscribe -'],
    [message('link_unsubscribe', {}, 'unsubscribe_event'), 'unsubscribe -'],
    [message('delivery'), 'delivered -'],
    [message('injection'), 'unknown -'],
    [message('click', {}, 'track_event'), 'unknown -'],
    [message('relay_injection', {}, 'relay_event'), 'unknown -'],
  ])('by %j', async (told, expected) => {
    expect((await read([told])).map(gist)).toEqual([`${expected} reader@example.com`]);
  });

  it('has the words, the codes and the ids', async () => {
    const told = message('bounce', {
      bounce_class: '10',
      error_code: '550',
      raw_reason: '550 5.1.1 No such user',
    });
    expect(await read([told])).toEqual([
      {
        id: '92356927693813856',
        kind: 'bounce',
        name: 'bounce/10',
        recipient: 'reader@example.com',
        messageId: OUR_MESSAGE_ID,
        providerMessageId: '000443ee14578172be22',
        code: 550,
        status: '5.1.1',
        text: '550 5.1.1 No such user',
        verdict: 'hard',
        at: new Date(1795858140000),
      },
    ]);
  });

  it('tells nothing when it tries whether we are there', async () => {
    expect(await read([{ msys: {} }])).toEqual([]);
  });

  it('may send longer bodies than others', async () => {
    const batch = new Array(3_000).fill(message('bounce', { bounce_class: '10', subject: 'x'.repeat(300) }));
    expect(await read(batch)).toHaveLength(3_000);
  });

  it('is refused without the secret', async () => {
    expect(await sparkpost.read(requestOf([{ msys: {} }]), { secret: SECRET }, noCertificate)).toMatchObject({
      reason: 'unauthorised',
    });
  });
});
