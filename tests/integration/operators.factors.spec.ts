import { Secret, TOTP } from 'otpauth';
import { eq, sql } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { sqlState } from '#database/errors.js';
import {
  auditEntry,
  auditOrigin,
  operator,
  publication,
  recoveryCode,
  session,
} from '#database/schema/index.js';
import { SettableClock } from '#kernel/clock.js';
import { Keyring } from '#kernel/crypto/keyring.js';
import { newId } from '#kernel/ids.js';
import { OperatorRepository } from '#operators/accounts/operator.repository.js';
import { AuditLog } from '#operators/audit/audit.js';
import { AuditRepository } from '#operators/audit/audit.repository.js';
import { AuditService } from '#operators/audit/audit.service.js';
import { FRESH_MS, insistOnFresh } from '#operators/rights/caller.js';
import { RecoveryCodeRepository } from '#operators/second-factor/recovery-code.repository.js';
import { TotpService } from '#operators/second-factor/totp.service.js';
import { SessionRepository } from '#operators/sessions/session.repository.js';
import { IDLE_MS, SESSION_MS } from '#operators/sessions/session.service.js';
import { onEachDatabase } from '../support/databases.js';
import { TEST_SECRET, testConfig } from '../support/test-config.js';

const STEP_MS = 30_000;
/** By the trigger; or before it, where the application has a role of its own. */
const REFUSALS = ['23001', '42501'];

onEachDatabase('second factors, sessions and the audit', (open) => {
  let database: Database;
  let totp: TotpService;
  const clock = new SettableClock('2027-01-05T09:00:00.000Z');
  const [publicationId, operatorId] = [newId(), newId()];

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
    await database.db
      .insert(operator)
      .values({ id: operatorId, publicationId, email: 'ann@post.example', role: 'owner' });
    const keyring = new Keyring([TEST_SECRET]);
    totp = new TotpService(database, new OperatorRepository(), new RecoveryCodeRepository(), keyring, clock);
  });

  it('a code counts once, also within its half minute, and none that is older', async () => {
    const { secret, uri } = await totp.begin(operatorId, 'Post');
    expect(uri).toMatch(/^otpauth:\/\/totp\/Post:ann%40post\.example\?issuer=Post&secret=/);
    const [row] = await database.db.select().from(operator).where(eq(operator.id, operatorId));
    expect(row!.totpSealed!.includes(Buffer.from(Secret.fromBase32(secret).bytes))).toBe(false);
    const at = (steps: number) =>
      new TOTP({ secret }).generate({ timestamp: clock.now().getTime() + steps * STEP_MS });
    expect(await totp.isRight(operatorId, at(0))).toBe(false); // it does not count yet
    await expect(totp.confirm(operatorId, '12345x')).rejects.toMatchObject({ code: 'invalid_input' });
    const codes = await totp.confirm(operatorId, at(0));
    expect(codes).toHaveLength(10);
    expect(await totp.isRight(operatorId, at(0))).toBe(false);
    expect(await totp.isRight(operatorId, at(-1))).toBe(false);
    expect(await totp.isRight(operatorId, at(3))).toBe(false);
    clock.advance(STEP_MS);
    const both = await Promise.all([totp.isRight(operatorId, at(0)), totp.isRight(operatorId, at(0))]);
    expect(both.sort()).toEqual([false, true]);

    const stored = JSON.stringify(await database.db.select().from(recoveryCode));
    expect(stored).not.toContain(codes[0]);
    expect(await totp.isRight(operatorId, ` ${codes[0]!.toUpperCase().replaceAll('-', ' ')} `)).toBe(true);
    expect(await totp.isRight(operatorId, codes[0]!)).toBe(false);
    expect(await totp.codesLeft(operatorId)).toBe(9);
    await totp.renewCodes(operatorId);
    expect(await totp.isRight(operatorId, codes[1]!)).toBe(false);
    await totp.remove(operatorId);
    expect(await totp.codesLeft(operatorId)).toBe(0);
  });

  it('a secret waits ten minutes for its first code', async () => {
    const { secret } = await totp.begin(operatorId, 'Post');
    const code = () => new TOTP({ secret }).generate({ timestamp: clock.now().getTime() });
    clock.advance(10 * 60_000 + 1);
    await expect(totp.confirm(operatorId, code())).rejects.toMatchObject({ code: 'wrong_state' });
    const again = await totp.begin(operatorId, 'Post');
    clock.advance(9 * 60_000);
    const fresh = new TOTP({ secret: again.secret }).generate({ timestamp: clock.now().getTime() });
    expect(await totp.confirm(operatorId, fresh)).toHaveLength(10);
    await totp.remove(operatorId);
  });

  it('a session ends when it is old, and earlier when nobody uses it', async () => {
    const sessions = new SessionRepository();
    const openAt = async (token: string) => {
      const at = clock.now();
      const until = new Date(at.getTime() + SESSION_MS);
      const its = { at, provedAt: at, until, method: 'password', client: null, userAgent: null } as const;
      await sessions.open(database.db, Buffer.from(token), { operatorId }, its);
    };
    const find = (token: string) => {
      const now = clock.now();
      return sessions.find(
        database.db,
        { sha256: Buffer.from(token) },
        now,
        new Date(now.getTime() - IDLE_MS),
      );
    };
    await openAt('idle');
    await openAt('busy');
    for (let passed = 0; passed < SESSION_MS; passed += IDLE_MS / 2) {
      const busy = await find('busy');
      expect(busy).toBeDefined();
      await sessions.touch(database.db, busy!.id, clock.now());
      expect(Boolean(await find('idle'))).toBe(passed < IDLE_MS);
      clock.advance(IDLE_MS / 2);
    }
    expect(await find('busy')).toBeUndefined();
    clock.advance(1);
    await sessions.endOld(database.db, clock.now(), new Date(clock.now().getTime() - IDLE_MS));
    expect(await database.db.select().from(session)).toEqual([]);
    await database.db.update(operator).set({ status: 'disabled' });
    await openAt('disabled');
    expect(await find('disabled')).toBeUndefined();
    await database.db.update(operator).set({ status: 'active' });
  });

  it('asks a session that is not fresh, and no key', () => {
    const caller = { keyId: operatorId, publicationId, role: 'owner' } as const;
    const provedAt = clock.now();
    const ask = (more: object, ms: number) => () =>
      insistOnFresh({ ...caller, ...more }, new Date(provedAt.getTime() + ms));
    expect(ask({ session: { id: 's', provedAt } }, FRESH_MS)).not.toThrow();
    expect(ask({ session: { id: 's', provedAt } }, FRESH_MS + 1)).toThrow(
      expect.objectContaining({ code: 'fresh_sign_in_required', status: 403 }) as Error,
    );
    expect(ask({}, FRESH_MS * 100)).not.toThrow();
  });

  it('the audit cannot be changed; from where something was done goes after a while', async () => {
    const audit = new AuditLog(database, new AuditRepository(), clock);
    const caller = { keyId: operatorId, publicationId, role: 'owner', name: 'ann@post.example' } as const;
    await audit.note(caller, 'DELETE /api/v1/topics/:id', 'topics', 't1', {
      client: '192.0.2.7',
      detail: { name: { from: 'x' } },
    });
    for (const statement of [
      sql`UPDATE audit_entry SET action = 'nothing'`,
      sql`DELETE FROM audit_entry`,
      sql`TRUNCATE audit_entry`,
    ]) {
      const refused = await database.db.execute(statement).then(() => undefined, sqlState);
      expect(REFUSALS).toContain(refused);
    }
    const days = (n: number) => clock.advance(n * 86_400_000);
    const service = new AuditService(database, new AuditRepository(), testConfig(), clock);
    const query = { limit: 10, actor: 'Ann@post.example', action: 'DELETE' };
    days(89);
    await service.forgetOrigins();
    expect((await service.list(publicationId, query)).data).toMatchObject([
      { client: '192.0.2.7', subjectId: 't1' },
    ]);
    days(2);
    await service.forgetOrigins();
    expect(await database.db.select().from(auditOrigin)).toEqual([]);
    expect((await service.list(publicationId, query)).data).toMatchObject([
      { client: null, actorName: 'ann@post.example' },
    ]);
    expect(await database.db.select().from(auditEntry)).toHaveLength(1);
  });
});
