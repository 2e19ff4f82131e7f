import { jest } from '@jest/globals';
import { PublicationService } from '#audience/publication/publication.service.js';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { consent, returnedItem, transportHook } from '#database/schema/index.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { ReaderActions } from '#feedback/acting/reader-actions.js';
import { certificateOf, rsaKeys } from '#feedback/hooks/proof/certificate.fixture.js';
import {
  MAILGUN_KEY,
  requestOf,
  SENDGRID_PUBLIC_KEY,
  signedByMailgun,
  signedBySendgrid,
} from '#feedback/hooks/hooks.fixture.js';
import { signSns, type SnsFields } from '#feedback/hooks/proof/sns.fixture.js';
import { ProviderSite } from '#feedback/intake/hooks/fetch-text.js';
import { HookEvents } from '#feedback/intake/hooks/hook-events.js';
import { HookIntake } from '#feedback/intake/hooks/hook-intake.js';
import type { ProviderEvent } from '#feedback/hooks/hook.js';
import { HooksModule } from '#feedback/intake/hooks/hooks.module.js';
import { TransportHooks } from '#feedback/intake/hooks/transport-hook.service.js';
import { newId } from '#kernel/ids.js';
import { onEachDatabase } from '../support/databases.js';
import { MINUTE, PostOffice, replaced } from './delivery.harness.js';

const SECRET = 'a-secret-of-the-harbour';
const OTHER_SECRET = 'another-secret-of-the-harbour';
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:bounces';
const CONFIRM_URL = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=abc';
const keys = rsaKeys();

type Event = Record<string, unknown>;
interface Call {
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array;
}

let serial = 0;

onEachDatabase('webhooks of providers', (open, kind) => {
  let database: Database;
  let office: PostOffice;
  let editionId: string;
  let ids: Record<string, string>;

  const readers = [
    'hard',
    'dead',
    'soft',
    'blocked',
    'wordy',
    'complains',
    'leaves',
    'twice',
    'raced',
    'calm',
    'byId',
    'mg',
    'x1',
    'x2',
    'x3',
    'x4',
    'circled',
  ];

  beforeAll(async () => {
    database = await open();
    office = await PostOffice.open(database, { modules: [HooksModule] });
    ({ editionId, ids } = await office.frozen(readers));
    await office.deliver(editionId);
    office.clock.advance(MINUTE); // what was accepted now would prove that its reader lives
  }, 60_000);
  afterAll(() => office.close());

  const hooks = () => office.get(TransportHooks);
  async function transport(provider: string, settings: object): Promise<string> {
    const { id } = await office.transport();
    await hooks().set(id, { provider, settings });
    return id;
  }
  async function post(transportId: string, { headers, body }: Call, query = ''): Promise<void> {
    const intake = office.get(HookIntake);
    const hook = await intake.find(transportId);
    await intake.take(hook, { headers, body, query: new URLSearchParams(query) });
  }
  const postmark = (events: unknown, secret = SECRET): Call =>
    requestOf(events, { authorization: `Bearer ${secret}` });
  const event = (name: string, more: Event = {}): Event => ({
    RecordType: 'Bounce',
    ID: ++serial,
    Type: 'HardBounce',
    MessageID: newId(),
    Email: office.address(name).toUpperCase(),
    Details: 'smtp;550 5.1.1 The email account does not exist',
    BouncedAt: office.clock.now().toISOString(),
    ...more,
  });
  const items = (transportId: string) =>
    database.db
      .select()
      .from(returnedItem)
      .where(sql`${returnedItem.key} LIKE ${`hook:${transportId}:%`}`)
      .orderBy(returnedItem.key);
  const standings = async () =>
    Object.fromEntries(
      await Promise.all(readers.map(async (name) => [name, await office.standing(name)] as const)),
    );
  const bouncedOf = async (name: string) => {
    const [row] = await office.rows<{ bounced: boolean }>(
      sql`SELECT bounced_at IS NOT NULL AS bounced FROM delivery WHERE edition_id = ${editionId} AND subscriber_id = ${ids[name]}`,
    );
    return row?.bounced;
  };

  it('looks at no words of an event while it holds a transaction', async () => {
    const { id: transportId } = await office.transport();
    const { id: publicationId } = await office.get(PublicationService).current();
    const transaction = database.transaction.bind(database);
    let isWithin = false;
    let looks = 0;
    const watched = jest.spyOn(database, 'transaction').mockImplementation(async (work) => {
      isWithin = true;
      return transaction(work).finally(() => (isWithin = false));
    });
    const told: ProviderEvent = {
      id: `words${++serial}`,
      kind: 'bounce',
      name: 'Undeliverable',
      recipient: null,
      messageId: null,
      providerMessageId: null,
      code: 550,
      status: null,
      get text() {
        if (isWithin) throw new Error('words are looked at in a transaction');
        looks += 1;
        return '550 5.2.2 mailbox full';
      },
      verdict: null,
      at: office.clock.now(),
    };
    const source = { transportId, publicationId, provider: 'postmark' };
    await office.get(HookEvents).take(source, { is: 'events', once: null, events: [told] });
    watched.mockRestore();
    expect(looks).toBeGreaterThan(0);
    expect(await items(transportId)).toMatchObject([{ results: [{ class: 'soft' }] }]);
  });

  describe('as operators set them', () => {
    it('are shown without their secrets, and kept sealed', async () => {
      const id = await transport('postmark', { secret: SECRET });
      expect(await hooks().get(id)).toEqual({
        provider: 'postmark',
        url: `http://localhost:3000/hooks/feedback/${id}`,
        settings: {},
        lastEventAt: null,
        lastRefusalAt: null,
        lastRefusal: null,
      });
      const [row] = await database.db.select().from(transportHook).where(eq(transportHook.transportId, id));
      expect(row?.sealed.includes(SECRET)).toBe(false);
      await hooks().set(id, { provider: 'ses', settings: { topics: [TOPIC] } });
      expect(await hooks().get(id)).toMatchObject({ provider: 'ses', settings: { topics: [TOPIC] } });
    });

    it.each<[object, string[]]>([
      [{ provider: 'pigeon', settings: {} }, ['provider']],
      [{ provider: 'ses', settings: {} }, ['settings.topics']],
      [{ provider: 'ses', settings: { topics: [] } }, ['settings.topics']],
      [{ provider: 'postmark', settings: { secret: 'short' } }, ['settings.secret']],
      [{ provider: 'mailgun', settings: { secret: SECRET } }, ['settings.signingKey', 'settings.secret']],
      [{ provider: 'resend' }, ['settings']],
    ])('are refused by their fields: %j', async (input, fields) => {
      const { id } = await office.transport();
      const refusal = await Promise.resolve(hooks().set(id, input)).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'invalid_input' });
      expect((refusal as { errors: { field: string }[] }).errors.map(({ field }) => field)).toEqual(fields);
    });

    it('are gone with their transport, and when they are removed', async () => {
      const one = await transport('postmark', { secret: SECRET });
      await office.get(TransportService).remove(one);
      await expect(office.get(HookIntake).find(one)).rejects.toMatchObject({ code: 'not_found' });
      await hooks().forget(one);
      expect(
        await database.db.select().from(transportHook).where(eq(transportHook.transportId, one)),
      ).toEqual([]);
      const other = await transport('postmark', { secret: SECRET });
      await hooks().remove(other);
      await expect(hooks().get(other)).rejects.toMatchObject({ code: 'not_found' });
      await expect(office.get(HookIntake).find(other)).rejects.toMatchObject({ code: 'not_found' });
    });

    it.each([newId(), 'nonsense', ''])('are not there for the transport %j', async (id) => {
      await expect(office.get(HookIntake).find(id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(
        hooks().set(id, { provider: 'postmark', settings: { secret: SECRET } }),
      ).rejects.toMatchObject({
        code: 'not_found',
      });
    });
  });

  describe('acting', () => {
    it('does what follows from each event, and notes it', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const our = { Metadata: { 'message-id': office.messageId(editionId, ids['byId']!) } };
      await post(
        id,
        postmark([
          event('hard'),
          event('byId', { ...our, Email: 'somebody@elsewhere.example' }),
          event('soft', { Type: 'SoftBounce', Details: 'smtp;452 4.2.2 Mailbox full' }),
          event('blocked', { Type: 'Blocked', Details: 'smtp;550 5.7.1 Not from you' }),
          event('wordy', { Details: 'smtp;550 5.7.1 Message rejected due to the reputation of the sender' }),
          event('complains', { RecordType: 'SpamComplaint', Type: 'SpamComplaint' }),
          event('leaves', {
            RecordType: 'SubscriptionChange',
            SuppressSending: true,
            SuppressionReason: 'ManualSuppression',
            Origin: 'Recipient',
            Recipient: office.address('leaves'),
          }),
          event('calm', { Type: 'Transient' }),
          event('calm', { RecordType: 'Delivery' }),
          event('calm', { RecordType: 'Telepathy', Type: 'nul \0 and \ud83d' }),
          event('nobody-of-ours'),
        ]),
      );
      expect(await standings()).toMatchObject({
        hard: { suppressed: 1, status: 'bounced' },
        byId: { suppressed: 1, status: 'bounced' },
        soft: { suppressed: 0, status: 'active' },
        blocked: { suppressed: 0, status: 'active' },
        wordy: { suppressed: 0, status: 'active' },
        complains: { suppressed: 1, status: 'complained' },
        leaves: { suppressed: 0, status: 'unsubscribed' },
        calm: { suppressed: 0, status: 'active' },
      });
      // One that names no message is of the last: that does not go on to show that the address lives.
      expect([await bouncedOf('byId'), await bouncedOf('hard')]).toEqual([true, true]);
      expect([await bouncedOf('complains'), await bouncedOf('calm')]).toEqual([false, false]);

      const noted = await items(id);
      const told = noted.map(({ kind: its, name, results }) => [
        its,
        name,
        results[0]?.class ?? null,
        results[0]?.action,
      ]);
      expect(told.sort((a, b) => String(a).localeCompare(String(b)))).toEqual([
        ['bounce', 'Bounce/Blocked', 'blocked', 'counted'],
        ['bounce', 'Bounce/HardBounce', 'blocked', 'counted'],
        ['bounce', 'Bounce/HardBounce', 'hard', 'none'],
        ['bounce', 'Bounce/HardBounce', 'hard', 'suppressed'],
        ['bounce', 'Bounce/HardBounce', 'hard', 'suppressed'],
        ['bounce', 'Bounce/SoftBounce', 'soft', 'counted'],
        ['complaint', 'SpamComplaint/SpamComplaint', null, 'suppressed'],
        ['delayed', 'Bounce/Transient', null, undefined],
        ['delivered', 'Delivery/HardBounce', null, undefined],
        ['unknown', 'Telepathy/nul \ufffd and \ufffd', null, undefined],
        ['unsubscribe', 'SubscriptionChange/HardBounce', null, 'unsubscribed'],
      ]);
      expect(JSON.stringify(noted)).not.toContain('@');
      expect(noted.every(({ way }) => way === 'hook')).toBe(true);
      expect(await hooks().get(id)).toMatchObject({ lastEventAt: office.clock.now(), lastRefusal: null });
    });

    it('names the evidence of a withdrawal: the provider', async () => {
      const rows = await database.db.select().from(consent).where(eq(consent.subscriberId, ids['leaves']!));
      expect(rows).toMatchObject([{ kind: 'withdrawn', method: 'provider' }]);
    });

    it('takes what comes again for what it is', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const soft = event('twice', { Type: 'SoftBounce', Details: 'smtp;452 4.2.2 Mailbox full' });
      for (let time = 0; time < 6; time++) await post(id, postmark([soft, soft]));
      expect(await items(id)).toHaveLength(1);
      const [{ bounces } = { bounces: -1 }] = await office.rows<{ bounces: number }>(
        sql`SELECT count(*)::int AS bounces FROM feedback_event WHERE subscriber_id = ${ids['twice']} AND type = 'bounce'`,
      );
      expect(bounces).toBe(1);
    });

    it('acts once on what arrives twice at once', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const events = [
        event('raced'),
        event('raced', { Type: 'SoftBounce' }),
        event('raced', { Type: 'DnsError' }),
      ];
      await Promise.all([
        post(id, postmark(events)),
        post(id, postmark(events.toReversed())),
        post(id, postmark(events)),
      ]);
      const [{ bounces } = { bounces: -1 }] = await office.rows<{ bounces: number }>(
        sql`SELECT count(*)::int AS bounces FROM feedback_event WHERE subscriber_id = ${ids['raced']} AND type = 'bounce'`,
      );
      expect([bounces, (await items(id)).length]).toEqual([3, 3]);
    });

    it('acts on the same readers from two sides at once', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const there = ['x1', 'x2', 'x3', 'x4'].flatMap((name) => [
        event(name),
        event(name, { Type: 'SoftBounce' }),
      ]);
      const back = there.toReversed().map((one) => ({ ...one, ID: ++serial }));
      await Promise.all([post(id, postmark(there)), post(id, postmark(back))]);
      expect(await items(id)).toHaveLength(16);
      expect(await standings()).toMatchObject({
        x1: { suppressed: 1, status: 'bounced' },
        x4: { suppressed: 1 },
      });
    });

    it('begins again where the database broke a circle of waiting', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const actions = office.module.get(ReaderActions, { strict: false });
      const original = actions.takeAll.bind(actions);
      let circles = 2;
      const put = replaced(actions, 'takeAll', (...of) =>
        circles-- > 0
          ? Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
          : original(...of),
      );
      await post(id, postmark([event('circled')]));
      put();
      expect([circles, await office.standing('circled')]).toEqual([-1, { suppressed: 1, status: 'bounced' }]);
    });

    it('takes thousands in one request, in parts', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const many = Array.from({ length: 1_201 }, () => event('calm', { RecordType: 'Open', Type: '' }));
      await post(id, postmark(many));
      expect(await items(id)).toHaveLength(1_201);
    });

    it('undoes all of a part that fails, so that it is done when it comes again', async () => {
      const id = await transport('postmark', { secret: SECRET });
      const put = replaced(office.module.get(ReaderActions, { strict: false }), 'takeAll', () =>
        Promise.reject(new Error('the lamp went out')),
      );
      const call = postmark([event('dead')]);
      await expect(post(id, call)).rejects.toThrow('the lamp went out');
      put();
      expect(await items(id)).toEqual([]);
      await post(id, call);
      expect(await office.standing('dead')).toEqual({ suppressed: 1, status: 'bounced' });
    });
  });

  describe('what is not believed', () => {
    it.each<[string, () => Call]>([
      ['the secret of another transport', () => postmark([event('calm')], OTHER_SECRET)],
      ['no secret', () => requestOf([event('calm')])],
    ])('changes nothing: %s', async (_, call) => {
      await transport('postmark', { secret: OTHER_SECRET });
      const id = await transport('postmark', { secret: SECRET });
      await expect(post(id, call())).rejects.toMatchObject({ code: 'unauthorized' });
      expect(await office.standing('calm')).toEqual({ suppressed: 0, status: 'active' });
      expect(await items(id)).toEqual([]);
      const shown = await hooks().get(id);
      expect(shown).toMatchObject({ lastEventAt: null, lastRefusalAt: office.clock.now() });
      expect(shown.lastRefusal).toMatch(/secret/);
      expect(JSON.stringify(shown)).not.toMatch(new RegExp(`${SECRET}|${OTHER_SECRET}`));
    });

    it('changes nothing: a signature that does not fit', async () => {
      const id = await transport('sendgrid', { publicKey: SENDGRID_PUBLIC_KEY });
      const now = office.clock.now();
      const bounce = { email: office.address('calm'), event: 'bounce', type: 'bounce', sg_event_id: 'a1' };
      const call = signedBySendgrid([bounce], now);
      const changed = { ...call, body: Buffer.from(JSON.stringify([{ ...bounce, sg_event_id: 'a2' }])) };
      await expect(post(id, changed)).rejects.toMatchObject({ code: 'forbidden' });
      await expect(post(id, { ...call, headers: {} })).rejects.toMatchObject({ code: 'forbidden' });
      expect(await items(id)).toEqual([]);
      expect(await office.standing('calm')).toEqual({ suppressed: 0, status: 'active' });
    });

    it.each<[string, string, object]>([
      ['not_acceptable', 'mailgun', { signingKey: MAILGUN_KEY }],
      ['malformed', 'postmark', { secret: SECRET }],
    ])('is answered as its provider understands: %s', async (code, provider, settings) => {
      const id = await transport(provider, settings);
      await expect(post(id, postmark('no JSON'))).rejects.toMatchObject({ code });
    });

    it('lets a word that is used once be used once, whatever comes with it', async () => {
      const id = await transport('mailgun', { signingKey: MAILGUN_KEY });
      const now = office.clock.now();
      const opened = {
        event: 'opened',
        id: 'o1',
        recipient: office.address('mg'),
        timestamp: now.getTime() / 1000,
      };
      const failed = {
        ...opened,
        event: 'failed',
        severity: 'permanent',
        id: 'f1',
        'delivery-status': { code: 550, message: '5.1.1 no such user' },
      };
      await post(id, signedByMailgun(opened, now));
      await post(id, signedByMailgun(failed, now)); // the same word: answered as the first was
      expect(await office.standing('mg')).toEqual({ suppressed: 0, status: 'active' });
      await post(id, signedByMailgun(failed, now, 'b'.repeat(50)));
      expect(await office.standing('mg')).toEqual({ suppressed: 1, status: 'bounced' });
      expect((await items(id)).map((item) => item.kind).sort()).toEqual([
        'bounce',
        'other',
        'other',
        'unknown',
      ]);
      const late = signedByMailgun(failed, new Date(now.getTime() - 10 * 3_600_000), 'c'.repeat(50));
      await expect(post(id, late)).rejects.toMatchObject({ code: 'not_acceptable' });
    });

    it('is not opened by the secret of another row', async () => {
      const [one, other] = [
        await transport('postmark', { secret: SECRET }),
        await transport('postmark', { secret: OTHER_SECRET }),
      ];
      const [row] = await database.db
        .select()
        .from(transportHook)
        .where(eq(transportHook.transportId, other));
      await database.db
        .update(transportHook)
        .set({ sealed: row!.sealed })
        .where(eq(transportHook.transportId, one));
      await expect(post(one, postmark([], OTHER_SECRET))).rejects.toMatchObject({ code: 'unauthorized' });
    });
  });

  describe('a subscription', () => {
    const sns = (changes: SnsFields): Call =>
      requestOf(
        signSns(
          {
            Type: 'SubscriptionConfirmation',
            MessageId: newId(),
            TopicArn: TOPIC,
            Message: 'You have chosen to subscribe.',
            Token: 'abc',
            SubscribeURL: CONFIRM_URL,
            Timestamp: office.clock.now().toISOString(),
            SignatureVersion: '2',
            SigningCertURL: `https://sns.eu-west-1.amazonaws.com/${kind}-${++serial}.pem`,
            ...changes,
          },
          keys.privateKey,
        ),
      );
    const certificate = () =>
      certificateOf({
        name: 'sns.amazonaws.com',
        keys,
        from: new Date(office.clock.now().getTime() - 86_400_000),
        to: new Date(office.clock.now().getTime() + 86_400_000),
      });

    /** @param down what cannot be fetched */
    function site(down: RegExp | null = null) {
      const fetched: string[] = [];
      const restore = replaced(office.module.get(ProviderSite, { strict: false }), 'text', (url) => {
        fetched.push(url);
        if (down?.test(url)) return Promise.reject(new Error('down'));
        return Promise.resolve(url.endsWith('.pem') ? certificate() : '<ok/>');
      });
      return { fetched, restore };
    }

    it('is confirmed where it was proved to be from', async () => {
      const id = await transport('ses', { topics: [TOPIC] });
      const { fetched, restore } = site();
      await post(id, sns({}));
      restore();
      expect(fetched).toEqual([expect.stringMatching(/\.pem$/), CONFIRM_URL]);
      expect(await hooks().get(id)).toMatchObject({ lastEventAt: office.clock.now() });
    });

    it.each<[string, SnsFields, RegExp | null, string]>([
      ['of another topic', { TopicArn: 'arn:aws:sns:eu-west-1:1:other' }, null, 'forbidden'],
      ['at another host', { SubscribeURL: 'https://sns.eu-west-1.evil.example/?x' }, null, 'malformed'],
      ['whose certificate cannot be had now', {}, /\.pem$/, 'unavailable'],
      ['that cannot be confirmed now', {}, /Confirm/, 'unavailable'],
    ])('is refused %s', async (_, changes, down, code) => {
      const id = await transport('ses', { topics: [TOPIC] });
      const { fetched, restore } = site(down);
      await expect(post(id, sns(changes))).rejects.toMatchObject({ code });
      restore();
      expect(fetched.every((url) => url.startsWith('https://sns.eu-west-1.amazonaws.com/'))).toBe(true);
      expect(await hooks().get(id)).toMatchObject({ lastEventAt: null, lastRefusalAt: office.clock.now() });
    });
  });
});
