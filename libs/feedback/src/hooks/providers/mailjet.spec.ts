import {
  eventsIn,
  gist,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  SECRET,
  withSecret,
} from '../hooks.fixture.js';
import { mailjet, MAILJET_ERRORS } from './mailjet.js';

const event = (name: string, more: object = {}) => ({
  event: name,
  time: 1795858140,
  MessageID: 13792286917004336,
  Message_GUID: '0bab6e8f-guid',
  email: 'Reader@example.com',
  mj_campaign_id: 0,
  mj_contact_id: 1,
  customcampaign: '',
  CustomID: OUR_MESSAGE_ID,
  Payload: '',
  ...more,
});
const read = async (body: unknown) =>
  eventsIn(await mailjet.read(withSecret(body), { secret: SECRET }, noCertificate));

describe('what Mailjet tells', () => {
  it.each<[string, string]>([
    ['user unknown', 'bounce hard'],
    ['mailbox inactive', 'bounce hard'],
    ['quota exceeded', 'bounce soft'],
    ['blacklisted', 'bounce blocked'],
    ['spam reporter', 'complaint -'],
    ['invalid domain', 'bounce hard'],
    ['no mail host', 'bounce hard'],
    ['relay/access denied', 'bounce blocked'],
    ['greylisted', 'delayed soft'],
    ['typofix', 'bounce hard'],
    ['bad or empty template', 'bounce blocked'],
    ['error in template language', 'bounce blocked'],
    ['sender blocked', 'bounce blocked'],
    ['content blocked', 'bounce blocked'],
    ['policy issue', 'bounce blocked'],
    ['system issue', 'bounce soft'],
    ['protocol issue', 'bounce soft'],
    ['connection issue', 'bounce soft'],
    ['preblocked', 'bounce soft'],
    ['duplicate in campaign', 'bounce blocked'],
  ])('by the error %s', async (error, expected) => {
    const events = await read([event('bounce', { error }), event('blocked', { error })]);
    expect(events.map(gist)).toEqual([`${expected} reader@example.com`, `${expected} reader@example.com`]);
  });

  it('has no error that the table above leaves out', () => {
    expect(Object.keys(MAILJET_ERRORS)).toHaveLength(20);
  });

  it.each<[object, string]>([
    [event('bounce', { hard_bounce: true, error: 'something new' }), 'bounce hard'],
    [event('bounce', { hard_bounce: false, error: '' }), 'bounce soft'],
    [event('bounce', { hard_bounce: true, error: 'greylisted' }), 'bounce soft'],
    [event('blocked'), 'bounce -'],
    [event('spam', { source: 'JMRPP' }), 'complaint -'],
    [event('unsub', { mj_list_id: 1 }), 'unsubscribe -'],
    [event('sent', { smtp_reply: 'sent (250 2.0.0 OK)' }), 'delivered -'],
    [event('open', { agent: 'Mozilla' }), 'unknown -'],
  ])('by %j', async (told, expected) => {
    expect((await read(told)).map(gist)).toEqual([`${expected} reader@example.com`]);
  });

  it('has the words and the ids, by themselves and in a group', async () => {
    const told = event('bounce', {
      hard_bounce: true,
      error: 'user unknown',
      comment: '550 5.1.1 no such user',
    });
    const [alone] = await read(told);
    expect(alone).toMatchObject({
      name: 'bounce/user unknown',
      messageId: OUR_MESSAGE_ID,
      providerMessageId: '0bab6e8f-guid',
      code: 550,
      status: '5.1.1',
      at: new Date(1795858140000),
    });
    expect(await read([told])).toEqual([alone]);
  });

  it('finds our Message-ID in the payload too', async () => {
    expect((await read(event('spam', { CustomID: 'x', Payload: OUR_MESSAGE_ID })))[0]!.messageId).toBe(
      OUR_MESSAGE_ID,
    );
  });

  it('is refused without the secret', async () => {
    expect(await mailjet.read(requestOf(event('spam')), { secret: SECRET }, noCertificate)).toMatchObject({
      reason: 'unauthorised',
    });
  });
});
