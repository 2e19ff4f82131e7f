import { Injectable } from '@nestjs/common';
import { and, eq, isNull, lt, sql, type SQL } from 'drizzle-orm';
import type { Executor } from '#database/database.js';
import { idempotencyKey } from '#database/schema/index.js';

export type IdempotencyRow = typeof idempotencyKey.$inferSelect;

/** An Idempotency-Key and whose it is. */
export interface KeyOf {
  apiKeyId: string;
  key: string;
}

/** The SQL of Idempotency-Keys. Without a status its request is still under way. */
@Injectable()
export class IdempotencyRepository {
  /** @returns whether it was free */
  async reserve(db: Executor, its: KeyOf, requestSha256: string, now: Date): Promise<boolean> {
    const rows = await db
      .insert(idempotencyKey)
      .values({ ...its, requestSha256, createdAt: now })
      .onConflictDoNothing()
      .returning({ key: idempotencyKey.key });
    return rows.length > 0;
  }

  async find(db: Executor, its: KeyOf): Promise<IdempotencyRow | undefined> {
    const [known] = await db.select().from(idempotencyKey).where(is(its));
    return known;
  }

  async answer(db: Executor, its: KeyOf, status: number, body: unknown): Promise<void> {
    await db
      .update(idempotencyKey)
      .set({ status, body: sql`${JSON.stringify(body ?? null)}::jsonb` })
      .where(is(its));
  }

  /** Releases the key, if its request is still under way. @param begunBefore only if it began so long ago */
  async release(db: Executor, its: KeyOf, begunBefore?: Date): Promise<void> {
    const isOld = begunBefore && lt(idempotencyKey.createdAt, begunBefore);
    await db.delete(idempotencyKey).where(and(is(its), isNull(idempotencyKey.status), isOld));
  }

  async deleteBefore(db: Executor, instant: Date): Promise<void> {
    await db.delete(idempotencyKey).where(lt(idempotencyKey.createdAt, instant));
  }
}

function is({ apiKeyId, key }: KeyOf): SQL | undefined {
  return and(eq(idempotencyKey.apiKeyId, apiKeyId), eq(idempotencyKey.key, key));
}
