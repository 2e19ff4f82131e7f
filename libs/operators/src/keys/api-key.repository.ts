import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { Database, type Executor } from '#database/database.js';
import { apiKey } from '#database/schema/index.js';

export type StoredApiKey = typeof apiKey.$inferSelect;

/** The SQL of API keys. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(row: typeof apiKey.$inferInsert, db: Executor = this.database.db): Promise<void> {
    await db.insert(apiKey).values(row).onConflictDoNothing({ target: apiKey.sha256 });
  }

  async findActiveByHash(sha256: Buffer): Promise<StoredApiKey | undefined> {
    const rows = await this.database.db
      .select()
      .from(apiKey)
      .where(and(eq(apiKey.sha256, sha256), isNull(apiKey.revokedAt)));
    return rows[0];
  }

  async list(publicationId: string, limit: number, after?: string): Promise<StoredApiKey[]> {
    return this.database.db
      .select()
      .from(apiKey)
      .where(
        and(
          eq(apiKey.publicationId, publicationId),
          isNull(apiKey.revokedAt),
          after ? gt(apiKey.id, after) : undefined,
        ),
      )
      .orderBy(asc(apiKey.id))
      .limit(limit);
  }

  /** One that works, locked until the transaction ends. */
  async lock(tx: Executor, publicationId: string, id: string): Promise<StoredApiKey | undefined> {
    const [row] = await tx
      .select()
      .from(apiKey)
      .where(and(eq(apiKey.id, id), eq(apiKey.publicationId, publicationId), isNull(apiKey.revokedAt)))
      .for('update');
    return row;
  }

  async revoke(tx: Executor, id: string, now: Date): Promise<void> {
    await tx.update(apiKey).set({ revokedAt: now }).where(eq(apiKey.id, id));
  }

  /** Revokes keys that came from the environment of an earlier start, except the current one. */
  async revokeEarlierEnvironmentKeys(current: Buffer, now: Date): Promise<void> {
    await this.database.db
      .update(apiKey)
      .set({ revokedAt: now })
      .where(
        and(eq(apiKey.fromEnvironment, true), isNull(apiKey.revokedAt), sql`${apiKey.sha256} <> ${current}`),
      );
  }

  /** An environment key that comes back after it had been replaced counts again. */
  async restore(sha256: Buffer): Promise<void> {
    await this.database.db
      .update(apiKey)
      .set({ revokedAt: null })
      .where(and(eq(apiKey.sha256, sha256), eq(apiKey.fromEnvironment, true)));
  }

  /** Notes the use of a key, at most once a minute, so that a busy client costs no write per request. */
  async touch(id: string, now: Date): Promise<void> {
    await this.database.db
      .update(apiKey)
      .set({ lastUsedAt: now })
      .where(
        and(
          eq(apiKey.id, id),
          sql`coalesce(${apiKey.lastUsedAt}, 'epoch') < ${now.toISOString()}::timestamptz - interval '1 minute'`,
        ),
      );
  }
}
