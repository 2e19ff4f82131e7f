import {
  eventsIn,
  gist,
  noCertificate,
  OUR_MESSAGE_ID,
  requestOf,
  SECRET,
  withSecret,
} from '../hooks.fixture.js';
import { brevo } from './brevo.js';

const event = (name: string, more: object = {}) => ({
  event: name,
  email: 'reader@example.com',
  id: 26224,
  date: '2026-11-28 09:29:00',
  ts: 1795858140,
  'message-id': '<202611280929.1@smtp-relay.mailin.fr>',
  ts_event: 1795858140,
  ts_epoch: 1795858140123,
  subject: 'News',
  ...more,
});
const read = async (body: unknown) =>
  eventsIn(await brevo.read(withSecret(body), { secret: SECRET }, noCertificate));

describe('what Brevo tells', () => {
  it.each<[object, string]>([
    [event('hard_bounce'), 'bounce hard'],
    [event('soft_bounce'), 'bounce soft'],
    [event('invalid_email'), 'bounce hard'],
    [event('error'), 'bounce soft'],
    [event('blocked', { reason: 'blocked : due to blacklist user' }), 'bounce blocked'],
    [event('blocked', { reason: 'blocked : due to unsubscribed user' }), 'unsubscribe -'],
    [event('deferred'), 'delayed soft'],
    [event('spam'), 'complaint -'],
    [event('complaint'), 'complaint -'],
    [event('unsubscribed'), 'unsubscribe -'],
    [event('delivered'), 'delivered -'],
    [event('request'), 'unknown -'],
    [event('unique_opened'), 'unknown -'],
  ])('by %j', async (told, expected) => {
    expect((await read(told)).map(gist)).toEqual([`${expected} reader@example.com`]);
  });

  it('has the words, the codes, and our id where we gave it one', async () => {
    const told = event('hard_bounce', {
      reason: '550 5.1.1 User unknown',
      'X-Mailin-custom': OUR_MESSAGE_ID,
    });
    expect((await read(told))[0]).toMatchObject({
      name: 'hard_bounce',
      code: 550,
      status: '5.1.1',
      messageId: OUR_MESSAGE_ID,
      providerMessageId: '<202611280929.1@smtp-relay.mailin.fr>',
      at: new Date(1795858140123),
    });
  });

  it('makes an id of what makes an event: the same when it comes again, in a batch too', async () => {
    const [one] = await read(event('hard_bounce'));
    const [again, later, other] = await read([
      event('hard_bounce', { id: 4 }),
      event('hard_bounce', { ts_epoch: 1795858199000 }),
      event('hard_bounce', { email: 'other@example.com' }),
    ]);
    expect(again!.id).toBe(one!.id);
    expect(new Set([one!.id, later!.id, other!.id]).size).toBe(3);
  });

  it('is refused without the secret', async () => {
    expect(await brevo.read(requestOf(event('spam')), { secret: SECRET }, noCertificate)).toMatchObject({
      reason: 'unauthorised',
    });
  });
});
