import { eq, like } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { RateCounter } from '#database/rate-limit.js';
import { auditEntry, publication, rateLimit } from '#database/schema/index.js';
import { SettableClock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import { newId } from '#kernel/ids.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { ApiKeyRepository } from '#operators/keys/api-key.repository.js';
import { ApiKeyService } from '#operators/keys/api-key.service.js';
import { AuditLog } from '#operators/audit/audit.js';
import { ANY_KEY, GuessLimiter } from '#operators/accounts/guess-limiter.js';
import { AccountLinkRepository } from '#operators/accounts/account-link.repository.js';
import { OperatorRepository } from '#operators/accounts/operator.repository.js';
import { AuditRepository } from '#operators/audit/audit.repository.js';
import { SessionRepository } from '#operators/sessions/session.repository.js';
import { OperatorService } from '#operators/accounts/operator.service.js';
import { SESSION_MS, SessionService } from '#operators/sessions/session.service.js';
import { SignInService } from '#operators/sessions/sign-in.service.js';
import { PasskeyRepository } from '#operators/second-factor/passkey.repository.js';
import { PasskeyService } from '#operators/second-factor/passkey.service.js';
import { SignInStepRepository } from '#operators/second-factor/sign-in-step.repository.js';
import { RecoveryCodeRepository } from '#operators/second-factor/recovery-code.repository.js';
import { TotpService } from '#operators/second-factor/totp.service.js';
import { SignInTrail } from '#operators/accounts/sign-in-trail.js';
import { onEachDatabase } from '../support/databases.js';
import { listeningLog, TEST_SECRET, testConfig } from '../support/test-config.js';
import { eventually } from '../support/wait-for.js';

const EMAIL = 'owner@post.example';
const PASSWORD = 'correct horse battery';

const codeOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'ok',
    (error: unknown) => (error as DomainError).code,
  );

onEachDatabase('signing in', (open) => {
  let database: Database;
  let operators: OperatorService;
  let keys: ApiKeyService;
  let audit: AuditLog;
  const clock = new SettableClock('2027-01-05T09:00:00.000Z');
  const publicationId = newId();
  const owner = { keyId: newId(), publicationId, role: 'owner' } as const;
  const log = listeningLog();
  let metrics: Metrics;

  beforeAll(async () => {
    database = await open();
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
    operators = new OperatorService(
      database,
      new OperatorRepository(),
      new AccountLinkRepository(),
      new AuditRepository(),
      clock,
    );
    audit = new AuditLog(database, new AuditRepository(), clock);
    keys = new ApiKeyService(database, new ApiKeyRepository(database), audit, clock);
    await operators.ensureFirstOwner(publicationId, EMAIL, PASSWORD);
  });
  afterEach(async () => {
    log.lines.length = 0;
    await database.db.delete(rateLimit);
  });

  /** The service, with parts of it replaced. */
  function signInsWith(parts: { operators?: Partial<OperatorService>; keys?: Partial<ApiKeyService> } = {}) {
    const its = Object.assign(Object.create(operators) as OperatorService, parts.operators);
    const itsKeys = Object.assign(Object.create(keys) as ApiKeyService, parts.keys);
    metrics = new Metrics();
    const trail = new SignInTrail(metrics, new Keyring([TEST_SECRET]), its, log.log);
    const totp = new TotpService(
      database,
      new OperatorRepository(),
      new RecoveryCodeRepository(),
      new Keyring([TEST_SECRET]),
      clock,
    );
    const sessions = new SessionService(database, new SessionRepository(), audit, clock);
    const passkeys = new PasskeyService(
      database,
      new PasskeyRepository(),
      new SignInStepRepository(),
      testConfig(),
      clock,
    );
    const guesses = new GuessLimiter(database, log.log);
    return new SignInService(sessions, its, itsKeys, guesses, totp, passkeys, trail, audit);
  }
  const right = (client: string, sessions = signInsWith()) =>
    sessions.signIn({ email: EMAIL, password: PASSWORD }, client);
  const wrong = (client: string, sessions = signInsWith()) =>
    codeOf(sessions.signIn({ email: EMAIL, password: 'wrong' }, client));
  const failures = () => database.db.select().from(auditEntry).where(eq(auditEntry.action, 'sign-in failed'));
  const busy = () => Promise.reject(new DomainError('unavailable', 'Too many sign in at once.'));
  const failing = (error: Error) => signInsWith({ operators: { verify: () => Promise.reject(error) } });

  it('counts no try that was not checked as a wrong guess', async () => {
    const sessions = signInsWith({ operators: { verify: busy }, keys: { authenticate: busy } });
    for (let at = 0; at < 11; at++) {
      expect(await codeOf(right('192.0.2.1', sessions))).toBe('unavailable');
      expect(await codeOf(sessions.signIn({ apiKey: 'a key' }, '192.0.2.1'))).toBe('unavailable');
    }
    const counted = await database.db.select().from(rateLimit);
    expect(counted.map(({ points }) => points)).toEqual(counted.map(() => 0));
    expect(await codeOf(right('192.0.2.1'))).toBe('ok');
  });

  it('keeps places for clients that have signed in before, however many strangers try', async () => {
    await right('192.0.2.1');
    const flood = Array.from({ length: 40 }, (_, at) =>
      codeOf(operators.verify(`nobody-${at}@x.example`, 'x')),
    );
    await Promise.any(
      flood.map(async (its) => ((await its) === 'unavailable' ? its : Promise.reject(Error()))),
    );
    const answers = [codeOf(right('192.0.2.2')), codeOf(right('192.0.2.1'))];
    expect(await Promise.all(answers)).toEqual(['unavailable', 'ok']);
    await Promise.all(flood);
    expect(await codeOf(right('192.0.2.2'))).toBe('ok');
  });

  it('is refused with a password that is replaced meanwhile', async () => {
    const verify: OperatorService['verify'] = async (...asked) => {
      const found = await operators.verify(...asked);
      await operators.setPassword(EMAIL, 'another horse entirely');
      return found;
    };
    expect(await codeOf(right('192.0.2.1', signInsWith({ operators: { verify } })))).toBe('unauthorized');
    await operators.setPassword(EMAIL, PASSWORD);
  });

  it('is refused with a key that is revoked meanwhile', async () => {
    const { key, id } = await keys.create(owner, { name: 'Short', role: 'analyst' });
    const authenticate: ApiKeyService['authenticate'] = async (asked) => {
      const caller = await keys.authenticate(asked);
      await keys.revoke(owner, id);
      return caller;
    };
    const sessions = signInsWith({ keys: { authenticate } });
    expect(await codeOf(sessions.signIn({ apiKey: key }, '192.0.2.1'))).toBe('unauthorized');
  });

  it('is open to a client known at the account, whatever others of its network try', async () => {
    const guesses = new GuessLimiter(database, log.log);
    await (await guesses.begin(EMAIL, 'office')).succeeded();
    for (let at = 0; at < 40; at++) await guesses.begin(`someone-${at}@post.example`, 'office');
    expect(await codeOf(guesses.begin('someone-40@post.example', 'office'))).toBe('rate_limited');
    const answers: string[] = [];
    for (let at = 0; at < 11; at++) answers.push(await codeOf(guesses.begin(EMAIL, 'office')));
    expect(answers).toEqual([...Array<string>(10).fill('ok'), 'rate_limited']);
  });

  it('with a key makes no client known', async () => {
    await (await new GuessLimiter(database, log.log).begin(ANY_KEY, '192.0.2.1')).succeeded();
    expect(await database.db.select().from(rateLimit).where(like(rateLimit.key, 'sign-in-known:%'))).toEqual(
      [],
    );
  });

  it('is forgotten by this process when the key or the session has ended', async () => {
    const { key, id } = await keys.create(owner, { name: 'Short', role: 'analyst' });
    const bearer = `Bearer ${key}`;
    await keys.authenticate(bearer);
    expect(keys.isFamiliar(bearer)).toBe(true);
    await keys.revoke(owner, id);
    expect(await codeOf(keys.authenticate(bearer))).toBe('unauthorized');
    expect(keys.isFamiliar(bearer)).toBe(false);

    const sessions = new SessionService(database, new SessionRepository(), audit, clock);
    const { id: operatorId } = (await operators.verify(EMAIL, PASSWORD))!;
    const opened = async () => (await sessions.open({ operatorId }, 'password', {}))!;
    const [left, expired] = [await opened(), await opened()];
    await sessions.end(left.token);
    expect([left, expired].map(({ token }) => sessions.isFamiliar(token))).toEqual([false, true]);
    clock.advance(SESSION_MS);
    expect(await sessions.read(expired.token)).toBeNull();
    expect(sessions.isFamiliar(expired.token)).toBe(false);
  });

  it('is possible at once with a password that was replaced, for clients that had guessed too often too', async () => {
    const guesses = new GuessLimiter(database, log.log);
    for (let at = 0; at < 12; at++) await codeOf(guesses.begin(EMAIL, '192.0.2.1'));
    for (let at = 0; at < 101; at++) await codeOf(guesses.begin(EMAIL, `bot ${at}`));
    for (let at = 0; at < 11; at++) await codeOf(guesses.begin('other@post.example', '192.0.2.1'));
    expect(await codeOf(right('192.0.2.1'))).toBe('rate_limited');
    await operators.setPassword(` ${EMAIL.toUpperCase()}`, PASSWORD);
    expect(await codeOf(right('192.0.2.1'))).toBe('ok');
    expect(await codeOf(guesses.begin('other@post.example', '192.0.2.1'))).toBe('rate_limited');
  });

  it('is limited alike by all processes: none goes on when the store has forgotten', async () => {
    const limit = { name: 'test', points: 2, windowS: 900 };
    const [one, other] = [new RateCounter(database, limit), new RateCounter(database, limit)];
    for (let at = 0; at < 4; at++) await codeOf(one.take(['who'], 'Too many.'));
    expect(await codeOf(one.take(['who'], 'Too many.'))).toBe('rate_limited');
    await other.forget(['who']);
    expect(await codeOf(one.take(['who'], 'Too many.'))).toBe('ok');
  });

  it('that fails for another reason says none in its line of the log: the filter logs it, without its values', async () => {
    const sessions = failing(new Error('Failed query: select\nparams: a-hash-of-somebody'));
    await expect(right('192.0.2.1', sessions)).rejects.toThrow('Failed query');
    expect(log.lines.join('\n')).toContain('a sign-in failed');
    expect(log.lines.join('\n')).not.toContain('a-hash-of-somebody');
  });

  it('is counted by its result, and each failure names the client by a keyed hash', async () => {
    const sessions = signInsWith();
    await right('192.0.2.1', sessions);
    const before = (await failures()).length;
    for (const client of ['192.0.2.1', '192.0.2.2', '192.0.2.1']) await wrong(client, sessions);
    const entries = await eventually(async () => {
      const all = (await failures()).slice(before);
      return all.length === 3 && all;
    });
    const seen = entries.map(({ detail }) => detail?.client as string).sort();
    expect(new Set(seen).size).toBe(2);
    for (let at = 0; at < 11; at++)
      await codeOf(new GuessLimiter(database, log.log).begin(EMAIL, '192.0.2.1'));
    log.lines.length = 0;
    expect(await wrong('192.0.2.1', sessions)).toBe('rate_limited');
    const line = JSON.parse(log.lines[0]!) as { client: string };
    expect(line).toMatchObject({ msg: 'a sign-in was refused', by: 'password' });
    expect(seen.filter((its) => its === line.client)).toHaveLength(2);
    expect(JSON.stringify([line, seen])).not.toContain('192.0.2');
    const text = await metrics.registry.metrics();
    expect(text.match(/^broadsheet_sign_ins_total.*$/gm)).toEqual([
      'broadsheet_sign_ins_total{result="ok"} 1',
      'broadsheet_sign_ins_total{result="code"} 0',
      'broadsheet_sign_ins_total{result="refused"} 3',
      'broadsheet_sign_ins_total{result="limited"} 1',
      'broadsheet_sign_ins_total{result="unavailable"} 0',
    ]);
  });

  it('counts what could not be checked as unavailable', async () => {
    await codeOf(right('192.0.2.1', signInsWith({ operators: { verify: busy } })));
    expect(await metrics.registry.metrics()).toContain('broadsheet_sign_ins_total{result="unavailable"} 1');
  });

  it('answers a wrong password before it has noted it, and says so when it cannot', async () => {
    let fail!: (error: Error) => void;
    const noteFailedProof = () => new Promise<void>((_, reject) => (fail = reject));
    expect(await wrong('192.0.2.1', signInsWith({ operators: { noteFailedProof } }))).toBe('unauthorized');
    fail(new Error('the disk is full'));
    await eventually(() => log.lines.some((line) => line.includes('the disk is full')));
  });
});
