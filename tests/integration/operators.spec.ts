import { jest } from '@jest/globals';
import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { Database as DatabaseToken } from '#database/database.js';
import {
  apiKey,
  auditEntry,
  idempotencyKey,
  operator,
  publication,
  rateLimit,
} from '#database/schema/index.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Log } from '#kernel/observing/logger.js';
import { TokenSigner } from '#kernel/crypto/tokens.js';
import { Config } from '#kernel/config/config.js';
import { Outbox } from '#queue/outbox/outbox.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { ApiKeyService } from '#operators/keys/api-key.service.js';
import { AuditLog } from '#operators/audit/audit.js';
import { IdempotencyService } from '#operators/audit/idempotency.service.js';
import { OperatorService } from '#operators/accounts/operator.service.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { FirstRun } from '#operators/first-run/first-run.service.js';
import { AccountLinkRepository } from '#operators/accounts/account-link.repository.js';
import { AuditRepository } from '#operators/audit/audit.repository.js';
import type { Caller } from '#operators/rights/caller.js';
import { OwnAccountService } from '#operators/team/own-account.service.js';
import { TotpService } from '#operators/second-factor/totp.service.js';
import { TeamService } from '#operators/team/team.service.js';
import { GuessLimiter } from '#operators/accounts/guess-limiter.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
import { onEachDatabase } from '../support/databases.js';
import { listeningLog, TEST_SECRET, testConfig } from '../support/test-config.js';
import { eventually } from '../support/wait-for.js';

@Global()
@Module({})
class Surroundings {
  static of(values: { provide: unknown; useValue: unknown }[]): DynamicModule {
    const providers = values as { provide: typeof Clock; useValue: Clock }[];
    return { module: Surroundings, providers, exports: providers };
  }
}

const MINUTE = 60_000;

onEachDatabase('operators', (open) => {
  let database: Database;
  let module: TestingModule;
  const clock = new SettableClock('2027-01-05T09:00:00.000Z');
  const publicationId = newId();
  const owner = { keyId: newId(), publicationId, role: 'owner' } as const;
  const log = listeningLog();
  beforeAll(async () => {
    database = await open();
    module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: DatabaseToken, useValue: database },
          { provide: Log, useValue: log.log },
          { provide: Metrics, useValue: new Metrics() },
          { provide: Keyring, useValue: new Keyring([TEST_SECRET]) },
          { provide: TokenSigner, useValue: new TokenSigner(new Keyring([TEST_SECRET])) },
          { provide: Config, useValue: testConfig() },
          { provide: Outbox, useValue: {} },
        ]),
        OperatorsModule,
      ],
    }).compile();
    await database.db.insert(publication).values({
      id: publicationId,
      name: 'Post',
      baseUrl: 'https://post.example',
      senderName: 'Post',
      senderEmail: 'news@post.example',
      postalAddress: 'Quay 1',
      locale: 'en',
      timeZone: 'UTC',
      theme: { accentColor: '#000000' },
      wording: {},
    });
  });

  describe('API keys', () => {
    const keys = () => module.get(ApiKeyService);
    const bearer = (key: string) => keys().authenticate(`Bearer ${key}`);

    it('are shown once, stored as a hash, and say who calls', async () => {
      const { key, id, prefix } = await keys().create(owner, { name: 'Press', role: 'editor' });
      expect(key.startsWith(prefix)).toBe(true);
      expect(await bearer(key)).toEqual({ keyId: id, publicationId, role: 'editor', name: 'Press' });
      const [row] = await database.db.select().from(apiKey).where(eq(apiKey.id, id));
      expect(JSON.stringify(row)).not.toContain(key);
      const listed = await keys().list(publicationId, 50);
      expect(listed.map((one) => one.id)).toContain(id);
      expect(JSON.stringify(listed)).not.toContain(key);
    });

    it.each([
      undefined,
      '',
      'Bearer',
      'Bearer x',
      'Basic abcdefgh',
      `Bearer ${'a'.repeat(40)}`,
      'Bearer bad\nkey1',
    ])('refuse %j', async (header) => {
      await expect(keys().authenticate(header)).rejects.toMatchObject({ code: 'unauthorized' });
    });

    it('stop working when revoked, and cannot be revoked twice', async () => {
      const { key, id } = await keys().create(owner, { name: 'Short', role: 'analyst' });
      await keys().revoke(owner, id);
      await expect(bearer(key)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(keys().revoke(owner, id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(keys().revoke(owner, 'no id')).rejects.toMatchObject({ code: 'not_found' });
    });

    it('of the environment: the newest counts, also when an earlier one comes back', async () => {
      const [first, second] = ['a'.repeat(32), 'b'.repeat(32)];
      await Promise.all([first, first, first].map((key) => keys().ensureFromEnvironment(publicationId, key)));
      expect(await bearer(first)).toMatchObject({ role: 'owner' });
      await keys().ensureFromEnvironment(publicationId, second);
      await expect(bearer(first)).rejects.toMatchObject({ code: 'unauthorized' });
      expect(await bearer(second)).toMatchObject({ role: 'owner' });
      await keys().ensureFromEnvironment(publicationId, first);
      expect(await bearer(first)).toMatchObject({ role: 'owner' });
      await expect(bearer(second)).rejects.toMatchObject({ code: 'unauthorized' });
    });

    it('note their last use at most once a minute', async () => {
      const { key, id } = await keys().create(owner, { name: 'Busy', role: 'analyst' });
      const lastUse = async () => {
        const [row] = await database.db.select().from(apiKey).where(eq(apiKey.id, id));
        return row!.lastUsedAt?.getTime();
      };
      const from = clock.now().getTime();
      await bearer(key);
      clock.advance(MINUTE / 2);
      await bearer(key);
      expect(await lastUse()).toBe(from);
      clock.advance(MINUTE);
      await bearer(key);
      expect(await lastUse()).toBe(from + 1.5 * MINUTE);
    });
  });

  describe('idempotency keys', () => {
    const service = () => module.get(IdempotencyService);

    it('carry a request out once and give its answer again', async () => {
      const caller = newId();
      expect(await service().reserve(caller, 'k', 'request')).toBeNull();
      await service().store(caller, 'k', { status: 201, body: { id: 'x', note: 'ü' } });
      expect(await service().reserve(caller, 'k', 'request')).toEqual({
        status: 201,
        body: { id: 'x', note: 'ü' },
      });
      await expect(service().reserve(caller, 'k', 'another')).rejects.toMatchObject({
        code: 'idempotency_mismatch',
      });
      expect(await service().reserve(newId(), 'k', 'another')).toBeNull(); // somebody else's key
    });

    it('let one of many at once through', async () => {
      const caller = newId();
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, () => service().reserve(caller, 'race', 'request')),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      for (const result of results) {
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'conflict' });
      }
    });

    it('are free again after a failure, and when the first request died', async () => {
      const caller = newId();
      await service().reserve(caller, 'failed', 'request');
      await service().release(caller, 'failed');
      expect(await service().reserve(caller, 'failed', 'request')).toBeNull();
      await expect(service().reserve(caller, 'failed', 'request')).rejects.toMatchObject({
        code: 'conflict',
      });
      clock.advance(2 * MINUTE);
      expect(await service().reserve(caller, 'failed', 'request')).toBeNull();
    });

    it('do not lose a stored answer to a late release', async () => {
      const caller = newId();
      await service().reserve(caller, 'kept', 'request');
      await service().store(caller, 'kept', { status: 204, body: undefined });
      await service().release(caller, 'kept');
      expect(await service().reserve(caller, 'kept', 'request')).toEqual({ status: 204, body: null });
    });

    it('are forgotten after a day', async () => {
      const caller = newId();
      await service().reserve(caller, 'old', 'request');
      await service().store(caller, 'old', { status: 200, body: {} });
      clock.advance(23 * 60 * MINUTE);
      await service().forgetOld();
      expect(await service().reserve(caller, 'old', 'request')).not.toBeNull();
      clock.advance(2 * 60 * MINUTE);
      await service().forgetOld();
      expect(await database.db.select().from(idempotencyKey)).toEqual([]);
      expect(await service().reserve(caller, 'old', 'request')).toBeNull();
    });
  });

  it('the link of a first run works for an hour, and there is none for who has a key', async () => {
    const firstRun = module.get(FirstRun);
    const token = async () => {
      const url = await firstRun.makeLink(publicationId, 'https://post.example', true);
      return url!.split('/').at(-1)!;
    };
    const [first, second] = [await token(), await token()];
    await expect(firstRun.insist(first)).rejects.toMatchObject({ code: 'not_found' });
    clock.advance(59 * MINUTE);
    await firstRun.insist(second);
    clock.advance(2 * MINUTE);
    await expect(firstRun.insist(second)).rejects.toMatchObject({ code: 'not_found' });
    const third = await token();
    expect(await firstRun.makeLink(publicationId, 'https://post.example', false)).toBeNull();
    await expect(firstRun.insist(third)).rejects.toMatchObject({ code: 'not_found' });
  });

  describe('people', () => {
    const people = () => module.get(OperatorService);

    it('the first owner is made once, and signs in with the right password only', async () => {
      await people().ensureFirstOwner(publicationId, 'Owner@Post.example', 'correct horse battery');
      await people().ensureFirstOwner(publicationId, 'other@post.example', 'another long one');
      const rows = await database.db.select().from(operator);
      expect(rows.map((row) => row.email)).toEqual(['owner@post.example']);
      expect(rows[0]!.passwordHash).not.toContain('correct');
      expect(await people().verify(' OWNER@post.example ', 'correct horse battery')).toMatchObject({
        publicationId,
      });
      expect(await people().verify('owner@post.example', 'correct horse')).toBeNull();
      expect(await people().verify('nobody@post.example', 'correct horse battery')).toBeNull();
    });
  });

  describe('signing in', () => {
    const sessions = () => module.get(SessionService);
    const password = 'correct horse battery';
    const email = 'owner@post.example';
    const signIns = () => module.get(SignInService);
    const right = (client: string) => signIns().signIn({ email, password }, client);
    const wrong = (client: string, whom = email) =>
      signIns()
        .signIn({ email: whom, password: 'wrong' }, client)
        .catch((error: unknown) => (error as DomainError).code);

    it('is in the audit and in the log, and what fails is in the log; none names an address', async () => {
      await right('198.51.100.1');
      await wrong('198.51.100.1');
      const [entry] = await database.db.select().from(auditEntry).where(eq(auditEntry.action, 'sign-in'));
      const [owner] = await database.db.select().from(operator);
      expect(entry).toMatchObject({ actorId: owner!.id, subjectType: 'sessions' });
      const lines = log.lines.join('\n');
      expect(lines).toContain('signed in');
      expect(lines).toContain('a sign-in failed');
      expect(lines).not.toMatch(/@post|correct horse|198\.51/);
    });

    it('of one client is limited at each account, also for many at once; only that account forgives', async () => {
      const client = '198.51.100.2';
      const { key } = await module.get(ApiKeyService).create(owner, { name: 'Low', role: 'analyst' });
      const answers = await Promise.all(Array.from({ length: 9 }, () => wrong(client)));
      expect(answers).toEqual(Array(9).fill('unauthorized'));
      await signIns().signIn({ apiKey: key }, client); // a lesser key does not give the owner's guesses back
      expect(await wrong(client)).toBe('unauthorized');
      expect(await wrong(client)).toBe('rate_limited');
      await expect(right(client)).rejects.toMatchObject({
        code: 'rate_limited',
        retryAfter: expect.any(Number) as number,
      });
      await right('198.51.100.3');
      expect(await wrong(client)).toBe('rate_limited');
    });

    it('with a key of little worth does not forgive guesses at others, and strangers lock no key out', async () => {
      const { key } = await module.get(ApiKeyService).create(owner, { name: 'Low', role: 'analyst' });
      const guess = (client: string) =>
        signIns()
          .signIn({ apiKey: 'a key that is none of ours' }, client)
          .catch((error: unknown) => (error as DomainError).code);
      const answers: unknown[] = [];
      for (let at = 0; at < 12; at++) {
        answers.push(await guess('198.51.100.8'));
        if (at < 10)
          await signIns()
            .signIn({ apiKey: key }, '198.51.100.8')
            .catch(() => undefined);
      }
      expect(answers.slice(0, 9)).toEqual(Array(9).fill('unauthorized'));
      expect(answers.at(-1)).toBe('rate_limited');
      for (let at = 0; at < 101; at++) await module.get(GuessLimiter).begin('key', `key bot ${at}`);
      expect(await guess('198.51.100.9')).toBe('unauthorized');
    });

    it('that fails is in the audit when there is such an operator; signing out is in it too', async () => {
      const entriesOf = (action: string) =>
        database.db.select().from(auditEntry).where(eq(auditEntry.action, action));
      const before = (await entriesOf('sign-in failed')).length;
      await wrong('198.51.100.10', ' OWNER@post.example');
      await wrong('198.51.100.10', 'nobody@post.example');
      const failed = await eventually(async () => {
        const entries = await entriesOf('sign-in failed');
        return entries.length > before && entries;
      });
      const [owner] = await database.db.select().from(operator);
      expect(failed).toHaveLength(before + 1);
      expect(failed.at(-1)).toMatchObject({ actorId: null, subjectType: 'operators', subjectId: owner!.id });
      const { token } = await right('198.51.100.11');
      expect(sessions().isFamiliar(token)).toBe(true);
      await sessions().end(token);
      await sessions().end(token);
      expect(await entriesOf('sign-out')).toMatchObject([{ actorId: owner!.id }]);
    });

    it('is counted for all processes, and begins anew with a success', async () => {
      const client = '198.51.100.4';
      const other = new GuessLimiter(database, log.log); // as another web process has
      for (let at = 0; at < 9; at++) await other.begin(email, client);
      await right(client);
      for (let at = 0; at < 10; at++) await other.begin(` ${email.toUpperCase()} `, client);
      await expect(right(client)).rejects.toMatchObject({ code: 'rate_limited' });
      const stored = JSON.stringify(await database.db.select().from(rateLimit));
      expect(stored).not.toMatch(/post\.example|198\.51/);
    });

    it('of one client is limited over all accounts', async () => {
      const client = '198.51.100.5';
      const guesses = module.get(GuessLimiter);
      for (let at = 0; at < 40; at++) await guesses.begin(`someone-${at}@post.example`, client);
      await expect(guesses.begin('someone-41@post.example', client)).rejects.toMatchObject({ status: 429 });
    });

    it('at one account is limited over all clients, but not for one from which it was signed in to', async () => {
      const guesses = module.get(GuessLimiter);
      const account = 'wanted@post.example';
      await (await guesses.begin(account, 'at home')).succeeded();
      for (let at = 0; at < 100; at++) await guesses.begin(account, `bot ${at}`);
      await expect(guesses.begin(account, 'another bot')).rejects.toMatchObject({ code: 'rate_limited' });
      await (await guesses.begin(account, 'at home')).succeeded();
    });

    it('does no more than two scrypts at once, and refuses what would wait for long', async () => {
      const tries = Array.from({ length: 40 }, (_, at) =>
        module
          .get(OperatorService)
          .verify(`nobody-${at}@post.example`, 'x')
          .then(String, (error: unknown) => (error as DomainError).code),
      );
      const answers = await Promise.all(tries);
      expect(answers.filter((its) => its === 'null')).toHaveLength(22);
      expect(answers.filter((its) => its === 'unavailable')).toHaveLength(18);
    });

    it('a password that is replaced ends its sessions, in the audit; a bad one is refused', async () => {
      const { token } = await right('198.51.100.7');
      const people = module.get(OperatorService);
      await expect(people.setPassword(email, 'short')).rejects.toMatchObject({
        errors: [{ field: 'password' }],
      });
      await expect(people.setPassword('nobody@post.example', 'a long enough one')).rejects.toMatchObject({
        status: 404,
      });
      expect(await sessions().read(token)).not.toBeNull();
      await people.setPassword('OWNER@post.example', 'another horse entirely');
      expect(await sessions().read(token)).toBeNull();
      expect(await people.verify(email, password)).toBeNull();
      expect(await people.verify(email, 'another horse entirely')).not.toBeNull();
      const entries = await database.db
        .select()
        .from(auditEntry)
        .where(eq(auditEntry.action, 'operators set-password'));
      expect(entries).toMatchObject([{ actorId: null, subjectType: 'operators' }]);
    });
  });

  describe('a change and its entry in the audit', () => {
    const rows = async () => ({
      operators: await database.db.select().from(operator).orderBy(operator.id),
      keys: await database.db.select().from(apiKey).orderBy(apiKey.id),
    });
    const entriesOf = (action: string) =>
      database.db.select().from(auditEntry).where(eq(auditEntry.action, action));
    const caller = (action: string) => ({ ...owner, call: { action, client: '192.0.2.9' } });
    const email = 'second@post.example';
    const idOf = async () => {
      const [row] = await database.db.select().from(operator).where(eq(operator.email, email));
      return row!.id;
    };
    const changes: [string, (by: Caller) => Promise<unknown>][] = [
      [
        'create',
        (by) => module.get(TeamService).create(by, { email, role: 'editor', password: 'a wall in the fog' }),
      ],
      ['patch', async (by) => module.get(TeamService).patch(by, await idOf(), { role: 'author' })],
      [
        'password',
        async (by) =>
          module
            .get(OwnAccountService)
            .changePassword(
              { ...by, operatorId: await idOf() },
              { current: 'a wall in the fog', password: 'a door in the wall' },
              '198.51.100.77',
            ),
      ],
      ['factors', async (by) => module.get(TeamService).removeSecondFactors(by, await idOf())],
      ['remove', async (by) => module.get(TeamService).remove(by, await idOf())],
      ['key', (by) => module.get(ApiKeyService).create(by, { name: 'once', role: 'analyst' })],
      [
        'revoke',
        async (by) => {
          const [key] = await database.db.select().from(apiKey).where(eq(apiKey.name, 'once'));
          await module.get(ApiKeyService).revoke(by, key!.id);
        },
      ],
    ];

    it.each(changes)('are one commit: %s', async (action, change) => {
      if (action === 'factors') await module.get(TotpService).begin(await idOf(), 'Post');
      const before = await rows();
      const refused = jest
        .spyOn(module.get(AuditRepository), 'insert')
        .mockRejectedValueOnce(new Error('the disk is full'));
      await expect(change(caller(action))).rejects.toThrow('the disk is full');
      refused.mockRestore();
      expect(await rows()).toEqual(before);
      await change(caller(action));
      expect(await rows()).not.toEqual(before);
      expect(await entriesOf(action)).toHaveLength(1);
    });
  });

  it('a password that could not be checked is no guess', async () => {
    const accounts = module.get(OwnAccountService);
    const [row] = await database.db.select().from(operator);
    const busy = jest
      .spyOn(module.get(OperatorService), 'verify')
      .mockRejectedValue(new DomainError('unavailable', 'Too many sign in at once.'));
    const change = () =>
      accounts.changePassword(
        { ...owner, operatorId: row!.id },
        { current: 'x', password: 'a door in the wall' },
        '198.51.100.88',
      );
    for (let at = 0; at < 12; at++) await expect(change()).rejects.toMatchObject({ code: 'unavailable' });
    busy.mockRestore();
    await expect(change()).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('a password set on the server ends invitations and links', async () => {
    const links = module.get(AccountLinkRepository);
    const [id, operatorId, now] = [newId(), newId(), clock.now()];
    const email = 'invited@post.example';
    await database.db
      .insert(operator)
      .values({ id: operatorId, publicationId, email, role: 'editor', status: 'invited' });
    const expiresAt = new Date(now.getTime() + MINUTE);
    await links.insert(database.db, {
      id,
      publicationId,
      kind: 'invitation',
      operatorId,
      createdAt: now,
      expiresAt,
    });
    await module.get(OperatorService).setPassword(email, 'a bicycle on the pier');
    expect(await links.findOpen(database.db, 'invitation', id, now)).toBeUndefined();
  });

  it('the audit says who did what', async () => {
    const caller = { keyId: newId(), publicationId, role: 'owner' } as const;
    await module.get(AuditLog).note(caller, 'POST /api/v1/editions/:id/send', 'edition', 'e1', {
      detail: { reason: 'they wrote' },
    });
    const entries = database.db.select().from(auditEntry).where(eq(auditEntry.subjectId, 'e1'));
    expect(await entries).toMatchObject([
      {
        actorId: caller.keyId,
        action: 'POST /api/v1/editions/:id/send',
        subjectType: 'edition',
        subjectId: 'e1',
        detail: { reason: 'they wrote' },
      },
    ]);
  });
});
