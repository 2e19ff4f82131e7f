import { Injectable } from '@nestjs/common';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import { idempotencyKey } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';

/** How long an answer is kept. */
const KEPT_MS = 86_400_000;
/** After this a request that never finished is taken to have died with its process. */
const ABANDONED_MS = 60_000;

export interface StoredAnswer {
  status: number;
  body: unknown;
}

/** Remembers the answers to POSTs that carry an Idempotency-Key, so that a retry does nothing twice. */
@Injectable()
export class IdempotencyService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * Reserves a key for a request.
   * @param fingerprint of the whole request; the same key with another request is refused
   * @returns the answer given before, or null when this request is to be carried out
   * @throws DomainError `idempotency_mismatch`, or `conflict` while the first request is still under way
   */
  async reserve(apiKeyId: string, key: string, fingerprint: string): Promise<StoredAnswer | null> {
    const now = this.clock.now();
    const abandoned = new Date(now.getTime() - ABANDONED_MS);
    await this.database.db
      .delete(idempotencyKey)
      .where(
        and(
          eq(idempotencyKey.apiKeyId, apiKeyId),
          eq(idempotencyKey.key, key),
          isNull(idempotencyKey.status),
          lt(idempotencyKey.createdAt, abandoned),
        ),
      );
    const reserved = await this.database.db
      .insert(idempotencyKey)
      .values({ apiKeyId, key, requestSha256: fingerprint, createdAt: now })
      .onConflictDoNothing()
      .returning({ key: idempotencyKey.key });
    if (reserved.length > 0) return null;

    const [known] = await this.database.db
      .select()
      .from(idempotencyKey)
      .where(and(eq(idempotencyKey.apiKeyId, apiKeyId), eq(idempotencyKey.key, key)));
    if (!known) return this.reserve(apiKeyId, key, fingerprint); // given free in between: try again
    if (known.requestSha256 !== fingerprint) {
      throw new DomainError(
        'idempotency_mismatch',
        'This Idempotency-Key was used for another request; take a new one.',
      );
    }
    if (known.status === null) {
      throw new DomainError(
        'conflict',
        'The first request with this Idempotency-Key is still under way; try again.',
        { retryAfter: 1 },
      );
    }
    return { status: known.status, body: known.body };
  }

  async store(apiKeyId: string, key: string, answer: StoredAnswer): Promise<void> {
    await this.database.db
      .update(idempotencyKey)
      .set({ status: answer.status, body: sql`${JSON.stringify(answer.body ?? null)}::jsonb` })
      .where(and(eq(idempotencyKey.apiKeyId, apiKeyId), eq(idempotencyKey.key, key)));
  }

  /** Gives the key free again: the request failed and may be sent once more. */
  async release(apiKeyId: string, key: string): Promise<void> {
    await this.database.db
      .delete(idempotencyKey)
      .where(
        and(
          eq(idempotencyKey.apiKeyId, apiKeyId),
          eq(idempotencyKey.key, key),
          isNull(idempotencyKey.status),
        ),
      );
  }

  async forgetOld(): Promise<void> {
    await this.database.db
      .delete(idempotencyKey)
      .where(lt(idempotencyKey.createdAt, new Date(this.clock.now().getTime() - KEPT_MS)));
  }
}
