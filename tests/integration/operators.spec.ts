import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { eq } from 'drizzle-orm';
import type { Database } from '#database/database.js';
import { Database as DatabaseToken } from '#database/database.js';
import { apiKey, auditEntry, idempotencyKey, operator, publication } from '#database/schema/index.js';
import { Clock, SettableClock } from '#kernel/clock.js';
import { newId } from '#kernel/ids.js';
import { ApiKeyService } from '#operators/api-key.service.js';
import { AuditLog } from '#operators/audit.js';
import { IdempotencyService } from '#operators/idempotency.service.js';
import { OperatorService } from '#operators/operator.service.js';
import { OperatorsModule } from '#operators/operators.module.js';
import { onEachDatabase } from '../support/databases.js';

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
  beforeAll(async () => {
    database = await open();
    module = await Test.createTestingModule({
      imports: [
        Surroundings.of([
          { provide: Clock, useValue: clock },
          { provide: DatabaseToken, useValue: database },
        ]),
        OperatorsModule,
      ],
    }).compile();
    await database.db.insert(publication).values({
      ...{ id: publicationId, name: 'Post', baseUrl: 'https://post.example', senderName: 'Post' },
      ...{ senderEmail: 'news@post.example', postalAddress: 'Quay 1', locale: 'en', timeZone: 'UTC' },
      ...{ theme: { accentColor: '#000000' }, wording: {} },
    });
  });

  describe('API keys', () => {
    const keys = () => module.get(ApiKeyService);
    const bearer = (key: string) => keys().authenticate(`Bearer ${key}`);

    it('are shown once, stored as a hash, and say who calls', async () => {
      const { key, id, prefix } = await keys().create(publicationId, { name: 'Press', role: 'editor' });
      expect(key.startsWith(prefix)).toBe(true);
      expect(await bearer(key)).toEqual({ keyId: id, publicationId, role: 'editor' });
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
      const { key, id } = await keys().create(publicationId, { name: 'Short', role: 'viewer' });
      await keys().revoke(id);
      await expect(bearer(key)).rejects.toMatchObject({ code: 'unauthorized' });
      await expect(keys().revoke(id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(keys().revoke('no id')).rejects.toMatchObject({ code: 'not_found' });
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
      const { key, id } = await keys().create(publicationId, { name: 'Busy', role: 'viewer' });
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

  describe('people', () => {
    const people = () => module.get(OperatorService);

    it('the first owner is made once, and signs in with the right password only', async () => {
      await people().ensureFirstOwner(publicationId, 'Owner@Post.example', 'correct horse battery');
      await people().ensureFirstOwner(publicationId, 'other@post.example', 'another long one');
      const rows = await database.db.select().from(operator);
      expect(rows.map((row) => row.email)).toEqual(['owner@post.example']);
      expect(rows[0]!.passwordHash).not.toContain('correct');
      expect(await people().verify(' OWNER@post.example ', 'correct horse battery')).toMatchObject({
        role: 'owner',
      });
      expect(await people().verify('owner@post.example', 'correct horse')).toBeNull();
      expect(await people().verify('nobody@post.example', 'correct horse battery')).toBeNull();
    });
  });

  it('the audit says who did what', async () => {
    const caller = { keyId: newId(), publicationId, role: 'owner' } as const;
    await module.get(AuditLog).note(caller, 'POST /api/v1/editions/:id/send', 'edition', 'e1');
    expect(await database.db.select().from(auditEntry)).toMatchObject([
      {
        actorId: caller.keyId,
        action: 'POST /api/v1/editions/:id/send',
        subjectType: 'edition',
        subjectId: 'e1',
      },
    ]);
  });
});
