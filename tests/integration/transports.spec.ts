import { createServer } from 'node:net';
import { once } from 'node:events';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eq } from 'drizzle-orm';
import { simpleParser } from 'mailparser';
import { PublicationService } from '#audience/publication/publication.service.js';
import { SuppressionService } from '#audience/suppression/suppression.service.js';
import { Database } from '#database/database.js';
import { transport, transportUse } from '#database/schema/index.js';
import { TransportDkim } from '#delivery/transports/transport-dkim.service.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { TransportTester } from '#delivery/transports/transport-test.service.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { OutboxRepository } from '#queue/outbox/outbox.repository.js';
import { served } from '../support/checked.js';
import { onEachDatabase } from '../support/databases.js';
import { startSmtpPeer, type SmtpCommand, type SmtpPeer } from '../support/smtp-peer.js';
import { listeningLog, testConfig, TEST_SECRET } from '../support/test-config.js';
import { RecordingQueue, SENDER } from './delivery.harness.js';

const START = '2027-01-05T09:30:00.000Z';
const MINUTE = 60_000;
const PASSWORD = 'sword-fish-4711';

@Global()
@Module({})
class Surroundings {
  static of(values: { provide: unknown; useValue: unknown }[]): DynamicModule {
    const providers = [
      ...(values as { provide: typeof Clock; useValue: Clock }[]),
      Outbox,
      OutboxRepository,
      RunningJobs,
    ];
    return { module: Surroundings, providers, exports: providers };
  }
}

/** The transports as one process sees them. */
class Counter {
  private constructor(
    readonly module: TestingModule,
    readonly lines: string[],
    readonly clock: SettableClock,
  ) {}

  static async open(
    database: Database,
    { smtpUrl = null as string | null, secret = TEST_SECRET, clock = new SettableClock(START) } = {},
  ): Promise<Counter> {
    const { log, lines } = listeningLog();
    const keyring = new Keyring(secret.split(','));
    const config = testConfig({
      smtp: { url: smtpUrl, connections: 7 },
      mailFrom: { name: 'The Post', address: SENDER },
    });
    const module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: Config, useValue: config },
          { provide: Database, useValue: database },
          { provide: JobQueue, useValue: new RecordingQueue() },
          { provide: Keyring, useValue: keyring },
          { provide: Log, useValue: log },
          { provide: Metrics, useValue: new Metrics() },
          { provide: TokenSigner, useValue: new TokenSigner(keyring) },
        ]),
        TransportsModule,
      ],
    }).compile();
    await module.get(PublicationService, { strict: false }).ensure();
    return new Counter(module, lines, clock);
  }

  get transports() {
    return served(this.module.get(TransportService));
  }
  get source() {
    return this.module.get(TransportSource);
  }
  get dkim() {
    return served(this.module.get(TransportDkim));
  }
  get tester() {
    return served(this.module.get(TransportTester));
  }
}

const smarthost = (name: string, overrides: object = {}) => ({
  name,
  host: 'smtp.example.org',
  security: 'starttls',
  auth: { method: 'password', user: 'me', password: PASSWORD },
  ...overrides,
});

onEachDatabase('transports', (open) => {
  let database: Database;
  let at: Counter;
  beforeAll(async () => (database = await open()));
  beforeEach(async () => {
    await database.db.delete(transport);
    at = await Counter.open(database);
  });

  const rowOf = async (id: string) => {
    const [row] = await database.db.select().from(transport).where(eq(transport.id, id));
    return row!;
  };
  const names = async () => (await at.source.enabled()).map(({ name }) => name);

  describe('by operators', () => {
    it('are given to senders as they were made', async () => {
      const made = await at.transports.create(
        smarthost('A', {
          weight: 3,
          connections: 4,
          limits: { perSecond: 5, perDay: 1000 },
          warmUp: { startPerDay: 10, growthPercent: 50, ceilingPerDay: 500 },
          domainRules: [{ domains: ['gmail.com'], connections: 2 }],
          clientName: 'out.example.org',
        }),
      );
      expect(await at.source.enabled()).toEqual([
        {
          id: made.id,
          name: 'A',
          origin: 'operator',
          weight: 3,
          connections: 4,
          dkim: [],
          options: {
            host: 'smtp.example.org',
            port: 587,
            secure: false,
            startTls: 'required',
            verifyCertificate: true,
            clientName: 'out.example.org',
            auth: { method: 'password', user: 'me', password: PASSWORD },
          },
          limits: {
            perSecond: 5,
            perHour: null,
            perDay: 1000,
            warmUp: { startPerDay: 10, growthPercent: 50, ceilingPerDay: 500, startedOn: '2027-01-05' },
          },
          domainRules: [{ domains: ['gmail.com'], connections: 2, perSecond: null }],
          restingUntil: null,
          version: START,
        },
      ]);
      expect(made).toMatchObject({ hasSecret: true, auth: { method: 'password', user: 'me' } });
      expect(JSON.stringify([made, await rowOf(made.id)])).not.toContain(PASSWORD);
    });

    it('are enabled by default with the usual number of connections, and have names of their own', async () => {
      expect(await at.transports.create(smarthost('A'))).toMatchObject({ enabled: true, connections: 7 });
      await expect(at.transports.create(smarthost('A'))).rejects.toMatchObject({ code: 'conflict' });
      const { id } = await at.transports.create(smarthost('B'));
      await expect(at.transports.patch(id, { name: 'A' })).rejects.toMatchObject({ code: 'conflict' });
      await expect(at.transports.create(smarthost('default'))).rejects.toMatchObject({
        code: 'invalid_input',
      });
    });

    it('keep their secret in a change, and lead it nowhere else', async () => {
      const { id } = await at.transports.create(smarthost('A'));
      await at.transports.patch(id, { weight: 9, auth: { method: 'password', user: 'you' } });
      const [settings] = await at.source.enabled();
      expect(settings).toMatchObject({
        weight: 9,
        options: { auth: { method: 'password', user: 'you', password: PASSWORD } },
      });
      const before = await rowOf(id);
      await expect(at.transports.patch(id, { host: 'evil.example' })).rejects.toMatchObject({
        errors: [{ field: 'auth.password', code: 'required' }],
      });
      expect(await rowOf(id)).toEqual(before);
      const auth = { method: 'password', password: 'another' };
      await at.transports.patch(id, { host: 'b.example.org', auth });
      expect((await at.source.enabled())[0]?.options).toMatchObject({
        host: 'b.example.org',
        auth: { user: 'you', password: 'another' },
      });
      await at.transports.patch(id, { auth: { method: 'none' } });
      expect(await rowOf(id)).toMatchObject({ sealedSecret: null, username: null });
      expect(await at.transports.get(id)).toMatchObject({ hasSecret: false });
    });

    it('lose a limit, a plan or rules with null, and keep what is not spoken of', async () => {
      const warmUp = { startPerDay: 10, growthPercent: 0, ceilingPerDay: 10, startedOn: '2027-01-01' };
      const { id } = await at.transports.create(
        smarthost('A', { warmUp, limits: { perHour: 5, perDay: 6 } }),
      );
      await at.transports.patch(id, { limits: { perHour: null } });
      expect(await at.transports.get(id)).toMatchObject({ limits: { perHour: null, perDay: 6 }, warmUp });
      const { startedOn: _, ...plan } = warmUp;
      await at.transports.patch(id, { warmUp: { ...plan, ceilingPerDay: 20 } });
      expect((await at.transports.get(id)).warmUp).toEqual({ ...warmUp, ceilingPerDay: 20 });
      await at.transports.patch(id, { warmUp: null });
      expect((await at.transports.get(id)).warmUp).toBeNull();
    });

    it('are listed newest first, page by page, and gone when removed', async () => {
      for (const name of ['A', 'B', 'C']) await at.transports.create(smarthost(name));
      const first = await at.transports.list({ limit: 2 });
      const rest = await at.transports.list({ limit: 2, cursor: first.nextCursor });
      expect([...first.data, ...rest.data].map(({ name }) => name)).toEqual(['C', 'B', 'A']);
      await at.transports.remove(first.data[0]!.id);
      expect(await names()).toEqual(['A', 'B']);
      await expect(at.transports.remove(first.data[0]!.id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(at.transports.get('no id')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('show what was sent in this hour and day, and what may be', async () => {
      const warmUp = { startPerDay: 100, growthPercent: 50, ceilingPerDay: 900, startedOn: '2027-01-04' };
      const { id } = await at.transports.create(smarthost('A', { limits: { perDay: 120 }, warmUp }));
      const hour = (text: string) => new Date(`2027-01-05T${text}:00:00.000Z`);
      await database.db.insert(transportUse).values([
        { transportId: id, period: 'hour', startsAt: hour('09'), used: 3 },
        { transportId: id, period: 'hour', startsAt: hour('08'), used: 50 },
        { transportId: id, period: 'day', startsAt: hour('00'), used: 53 },
        { transportId: id, period: 'day', startsAt: new Date('2027-01-04T00:00:00.000Z'), used: 99 },
      ]);
      expect(await at.transports.get(id)).toMatchObject({
        usedThisHour: 3,
        usedToday: 53,
        allowedToday: 120,
      });
      await at.transports.patch(id, { limits: { perDay: null } });
      expect(await at.transports.get(id)).toMatchObject({ allowedToday: 150 });
      await at.transports.patch(id, { warmUp: null });
      expect(await at.transports.get(id)).toMatchObject({ allowedToday: null });
    });
  });

  describe('for senders', () => {
    it('have a version that changes with every setting, also within a millisecond, and with nothing else', async () => {
      const { id } = await at.transports.create(smarthost('A'));
      const version = async () => (await at.source.enabled())[0]?.version;
      const versions = [await version()];
      await at.source.noteFailure(id, 'down', new Date(Date.parse(START) + MINUTE));
      await at.source.noteRecovery(id);
      expect(await version()).toBe(versions[0]);
      for (const patch of [{ weight: 2 }, { limits: { perDay: 3 } }, { name: 'B' }]) {
        await at.transports.patch(id, patch);
        versions.push(await version());
      }
      await at.dkim.add(id, { algorithm: 'ed25519' });
      versions.push(await version());
      expect(new Set(versions).size).toBe(versions.length);
    });

    it('say why they rest, without addresses and secrets, until they work again', async () => {
      const { id } = await at.transports.create(smarthost('A'));
      await at.source.enabled();
      const until = new Date(Date.parse(START) + 5 * MINUTE);
      await at.source.noteFailure(id, `535 ${PASSWORD} is not the password of me@example.org`, until);
      expect((await at.source.enabled())[0]?.restingUntil).toEqual(until);
      const noted = {
        restingUntil: until,
        lastError: '535 [secret] is not the password of [address]',
        lastErrorAt: new Date(START),
      };
      expect(await at.transports.get(id)).toMatchObject(noted);
      at.clock.advance(6 * MINUTE);
      expect(await at.transports.get(id)).toMatchObject({ ...noted, restingUntil: null });
      await at.source.noteRecovery(id);
      const fine = { restingUntil: null, lastError: null, lastErrorAt: null };
      expect(await at.transports.get(id)).toMatchObject(fine);

      await at.source.noteFailure(id, 'down again', until);
      await at.transports.patch(id, { weight: 5 });
      expect(await at.transports.get(id)).toMatchObject({ lastError: 'down again' });
      await at.transports.patch(id, { auth: { method: 'password', password: 'right' } });
      expect(await at.transports.get(id)).toMatchObject(fine);
    });

    it('are left out when disabled, or when they cannot be opened, and the others go on', async () => {
      const lost = await at.transports.create(smarthost('lost'));
      const open = await at.transports.create(smarthost('open', { auth: { method: 'none' } }));
      const off = await at.transports.create(smarthost('off', { enabled: false }));
      const stolen = await at.transports.create(smarthost('stolen'));
      const { sealedSecret } = await rowOf(lost.id);
      await database.db.update(transport).set({ sealedSecret }).where(eq(transport.id, stolen.id));
      expect(await names()).toEqual(['lost', 'open']);
      expect(await at.transports.get(stolen.id)).toMatchObject({
        lastError: expect.stringMatching(/cannot be opened/) as string,
      });

      expect(await names()).toEqual(['lost', 'open']);
      const said = at.lines.filter((line) => line.includes('left out'));
      expect(said).toHaveLength(1); // not every few seconds
      expect(said[0]).toContain('stolen');
      await at.transports.patch(stolen.id, { auth: { method: 'password', password: PASSWORD } });
      expect(await names()).toContain('stolen');
      expect(await at.transports.get(stolen.id)).toMatchObject({ lastError: null });
      expect([open.enabled, off.enabled]).toEqual([true, false]);
    });

    it('are left out under another APP_SECRET, and come back with the old one behind the new', async () => {
      await at.transports.create(smarthost('A'));
      const keyed = await at.transports.create(smarthost('keyed', { auth: { method: 'none' } }));
      await at.dkim.add(keyed.id, { algorithm: 'ed25519' });
      await at.transports.create(smarthost('plain', { auth: { method: 'none' } }));
      const NEW = 'another secret than the tests usually have';
      at = await Counter.open(database, { secret: NEW });
      expect(await names()).toEqual(['plain']);
      expect((await at.transports.list()).data.map(({ lastError }) => lastError)).toEqual([
        null,
        expect.stringContaining('APP_SECRET'),
        expect.stringContaining('APP_SECRET'),
      ]);
      at = await Counter.open(database, { secret: `${NEW},${TEST_SECRET}` });
      expect(await names()).toEqual(['A', 'keyed', 'plain']);
    });
  });

  describe("the environment's", () => {
    const URL = `smtps://env-user:${PASSWORD}@smtp.example.org:4650?name=out.example.org`;
    const only = async () => (await at.transports.list()).data[0]!;

    it('is made once by many workers, and its password stays in the environment', async () => {
      const workers = await Promise.all([1, 2, 3].map(() => Counter.open(database, { smtpUrl: URL })));
      await Promise.all(workers.map(({ source }) => source.ensureDefault()));
      at = workers[0]!;
      expect((await at.transports.list()).data).toHaveLength(1);
      const view = await only();
      expect(view).toMatchObject({
        name: 'default',
        origin: 'environment',
        host: 'smtp.example.org',
        port: 4650,
        security: 'tls',
        enabled: true,
        connections: 7,
        hasSecret: true,
        clientName: 'out.example.org',
      });
      expect(JSON.stringify([view, await rowOf(view.id)])).not.toContain(PASSWORD);
      expect((await at.source.enabled())[0]?.options).toMatchObject({
        host: 'smtp.example.org',
        secure: true,
        auth: { method: 'password', user: 'env-user', password: PASSWORD },
      });
    });

    it('keeps its limits when SMTP_URL changes, goes away and comes back', async () => {
      at = await Counter.open(database, { smtpUrl: URL });
      await at.source.ensureDefault();
      const { id } = await only();
      await at.transports.patch(id, { weight: 4, limits: { perDay: 99 } });
      const { version } = (await at.source.enabled())[0]!;
      await at.source.ensureDefault(); // the same again is no change
      expect((await at.source.enabled())[0]?.version).toBe(version);

      at = await Counter.open(database);
      await at.source.ensureDefault();
      expect(await only()).toMatchObject({ id, enabled: false, host: null, limits: { perDay: 99 } });
      expect(await at.source.enabled()).toEqual([]);
      await expect(at.transports.patch(id, { enabled: true })).rejects.toMatchObject({ code: 'wrong_state' });

      at = await Counter.open(database, { smtpUrl: 'smtp://other.example.org' });
      await at.source.ensureDefault();
      expect(await only()).toMatchObject({
        id,
        enabled: true,
        host: 'other.example.org',
        port: 587,
        security: 'starttls',
        weight: 4,
        hasSecret: false,
        auth: { method: 'none', user: null },
      });
    });

    it('stays disabled when an operator disabled it', async () => {
      at = await Counter.open(database, { smtpUrl: URL });
      await at.source.ensureDefault();
      await at.transports.patch((await only()).id, { enabled: false });
      await at.source.ensureDefault();
      expect(await only()).toMatchObject({ enabled: false });
    });

    it('is led elsewhere by no request, and not removed', async () => {
      at = await Counter.open(database, { smtpUrl: URL });
      await at.source.ensureDefault();
      const { id } = await only();
      for (const patch of [
        { host: 'evil.example' },
        { url: 'smtp://evil.example' },
        { auth: { method: 'none' } },
        { port: 25 },
        { name: 'mine' },
        { connections: 3 },
      ]) {
        await expect(at.transports.patch(id, patch)).rejects.toMatchObject({
          code: 'wrong_state',
          errors: [{ field: Object.keys(patch)[0], code: 'environment' }],
        });
      }
      await expect(at.transports.remove(id)).rejects.toMatchObject({ code: 'wrong_state' });
      expect(await at.dkim.add(id, { algorithm: 'ed25519' })).toHaveLength(1);
      expect((await at.source.enabled())[0]?.dkim).toHaveLength(1);
    });

    it('is left out by a process that does not know SMTP_URL', async () => {
      const worker = await Counter.open(database, { smtpUrl: URL });
      await worker.source.ensureDefault();
      expect(await at.source.enabled()).toEqual([]);
      expect(await only()).toMatchObject({ enabled: true, lastError: null });
      expect(await at.tester.test((await only()).id)).toMatchObject({
        ok: false,
        error: expect.stringMatching(/SMTP_URL/) as string,
      });
    });
  });

  describe('DKIM keys', () => {
    it('are made in both kinds, sealed, and shown by their DNS records', async () => {
      const { id } = await at.transports.create(smarthost('A'));
      const made = await at.dkim.add(id, { algorithm: 'both', selector: 'News' });
      const where = made.map(({ domain, selector, algorithm }) => [domain, selector, algorithm]);
      expect(where).toEqual([
        ['harbour.example', 'news-rsa', 'rsa'],
        ['harbour.example', 'news-ed25519', 'ed25519'],
      ]);
      expect(made[0]?.record).toMatchObject({
        name: 'news-rsa._domainkey.harbour.example',
        type: 'TXT',
        value: expect.stringMatching(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{300,}=*$/) as string,
      });
      expect(await at.dkim.list(id)).toEqual(made);
      const [settings] = await at.source.enabled();
      expect(settings?.dkim.map(({ privateKey }) => privateKey.asymmetricKeyType)).toEqual([
        'rsa',
        'ed25519',
      ]);
      expect(JSON.stringify([made, await rowOf(id), at.lines])).not.toContain('PRIVATE KEY');
    });

    it('have selectors of their own, made from the day when none is given', async () => {
      const { id } = await at.transports.create(smarthost('A'));
      const selectors = async (input: object) =>
        (await at.dkim.add(id, { algorithm: 'ed25519', ...input })).map(({ selector }) => selector);
      expect(await selectors({})).toEqual(['bs20270105']);
      expect(await selectors({})).toEqual(['bs20270105b']);
      expect(await selectors({ selector: 's' })).toEqual(['s']);
      await expect(selectors({ selector: 'S' })).rejects.toMatchObject({ code: 'conflict' });
      expect(await selectors({ selector: 's', domain: 'other.example' })).toEqual(['s']);
      await expect(selectors({ selector: 'a b' })).rejects.toMatchObject({ errors: [{ field: 'selector' }] });
      await expect(selectors({ domain: 'nowhere' })).rejects.toMatchObject({ errors: [{ field: 'domain' }] });
      await at.dkim.remove(id, 'bs20270105');
      await expect(at.dkim.remove(id, 'bs20270105')).rejects.toMatchObject({ code: 'not_found' });
      for (let more = 0; more < 5; more += 1) await selectors({});
      await expect(selectors({})).rejects.toMatchObject({ errors: [{ code: 'too_many' }] });
    });
  });

  describe('a test', () => {
    let peer: SmtpPeer | undefined;
    afterEach(async () => {
      await peer?.close();
      peer = undefined;
    });
    const auth = { user: 'me', password: PASSWORD };
    const made = async (to: SmtpPeer, overrides: object = {}) =>
      (
        await at.transports.create({
          name: 'peer',
          host: '127.0.0.1',
          port: to.port,
          security: 'opportunistic',
          auth: { method: 'password', ...auth },
          ...overrides,
        })
      ).id;

    it('connects, signs in, and leaves again', async () => {
      peer = await startSmtpPeer({ auth });
      expect(await at.tester.test(await made(peer))).toEqual({
        ok: true,
        tls: null,
        authenticated: true,
        sent: false,
        reply: null,
        error: null,
        capabilities: { pipelining: true, smtpUtf8: true, eightBitMime: true, maxSize: 52_428_800 },
        milliseconds: expect.any(Number) as number,
      });
      expect(peer.steps.map(({ command }) => command)).not.toContain('MAIL');
      expect(peer.violations).toEqual([]);
    });

    it('sends one small mail, signed with every key', async () => {
      peer = await startSmtpPeer({ auth });
      const id = await made(peer);
      await at.dkim.add(id, { algorithm: 'both', selector: 't' });
      const found = await at.tester.test(id, { to: 'Colleague@Desk.example' });
      expect(found).toMatchObject({ ok: true, sent: true, reply: '250 2.0.0 Accepted' });
      const [message] = await peer.received(1);
      expect(message).toMatchObject({ from: SENDER, to: ['Colleague@desk.example'] });
      const raw = message!.raw.toString();
      expect(raw.match(/^DKIM-Signature:/gm)).toHaveLength(2);
      const mail = await simpleParser(raw);
      expect(mail.subject).toBe('Test of the transport peer');
      expect(mail.text).toContain('This is a test of the transport peer');
      expect(peer.violations).toEqual([]);
    });

    it.each<[string, Parameters<typeof startSmtpPeer>[0], RegExp]>([
      ['a wrong password', { auth: { user: 'me', password: 'other' } }, /535 5\.7\.8 Wrong/],
      [
        'a refused connection',
        { script: ({ command }) => (command === 'CONNECT' ? '554 no' : undefined) },
        /554 no/,
      ],
      ['a break', { script: ({ command }) => (command === 'EHLO' ? 'drop' : undefined) }, /./],
      [
        'a refused sender',
        { auth, script: ({ command }) => (command === 'MAIL' ? '550 5.7.1 not you' : undefined) },
        /550 5\.7\.1 not you/,
      ],
      [
        'a refused message',
        { auth, script: ({ command }) => (command === 'DOT' ? '554 5.7.1 spam' : undefined) },
        /554 5\.7\.1 spam/,
      ],
    ])('says what is wrong: %s', async (_, options, error) => {
      peer = await startSmtpPeer(options);
      const found = await at.tester.test(await made(peer), { to: 'desk@desk.example' });
      expect(found).toMatchObject({ ok: false, sent: false, error: expect.stringMatching(error) as string });
    });

    it('repeats no secret that the server repeats', async () => {
      const echo = Buffer.from(`\0me\0${PASSWORD}`).toString('base64');
      peer = await startSmtpPeer({
        auth,
        script: ({ command }) => (command === 'AUTH' ? `535 bad: ${PASSWORD} ${echo}` : undefined),
      });
      const { error } = await at.tester.test(await made(peer));
      expect(error).toMatch(/535 bad: \[secret\] \[secret\]/);
    });

    it('refuses TLS that cannot be had, and nobody at the port', async () => {
      peer = await startSmtpPeer({ auth });
      const strict = await at.tester.test(await made(peer, { security: 'starttls' }));
      expect(strict).toMatchObject({ ok: false, tls: null, error: expect.stringMatching(/./) as string });
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      server.close();
      await once(server, 'close');
      const gone = await at.tester.test(await made(peer, { name: 'gone', port }));
      expect(gone).toMatchObject({ ok: false, error: expect.stringMatching(/ECONNREFUSED/) as string });
    });

    it.each<[SmtpCommand, string | undefined]>([
      ['CONNECT', undefined],
      ['DOT', 'desk@desk.example'],
    ])('gives up on a server that falls silent at %s', async (silentAt, to) => {
      peer = await startSmtpPeer({
        auth,
        script: ({ command }) => (command === silentAt ? 'stall' : undefined),
      });
      at.tester.timeoutMs = 300;
      const found = await at.tester.test(await made(peer), to === undefined ? {} : { to });
      expect(found).toMatchObject({ ok: false, sent: false, error: 'The server did not answer in time.' });
    });

    it('sends nothing to a suppressed address, and asks for an address', async () => {
      peer = await startSmtpPeer({ auth });
      const id = await made(peer);
      await served(at.module.get(SuppressionService, { strict: false })).create({
        email: 'gone@desk.example',
      });
      await expect(at.tester.test(id, { to: 'Gone@desk.example' })).rejects.toMatchObject({
        errors: [{ field: 'to', code: 'suppressed' }],
      });
      await expect(at.tester.test(id, { to: 'nobody' })).rejects.toMatchObject({ code: 'invalid_input' });
      expect(peer.connections).toBe(0);
    });
  });
});
