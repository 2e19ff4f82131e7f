import { Injectable } from '@nestjs/common';
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { apiKey } from '#database/schema/index.js';

export type StoredApiKey = typeof apiKey.$inferSelect;

/** The SQL of API keys. */
@Injectable()
export class ApiKeyRepository {
  constructor(private readonly database: Database) {}

  async insert(row: typeof apiKey.$inferInsert): Promise<void> {
    await this.database.db.insert(apiKey).values(row).onConflictDoNothing({ target: apiKey.sha256 });
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

  async revoke(id: string, now: Date): Promise<boolean> {
    const rows = await this.database.db
      .update(apiKey)
      .set({ revokedAt: now })
      .where(and(eq(apiKey.id, id), isNull(apiKey.revokedAt)))
      .returning({ id: apiKey.id });
    return rows.length > 0;
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
