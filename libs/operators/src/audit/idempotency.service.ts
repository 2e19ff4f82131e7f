import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { DomainError } from '#kernel/errors/errors.js';
import { IdempotencyRepository } from './idempotency.repository.js';

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
    private readonly keys: IdempotencyRepository,
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
    const its = { apiKeyId, key };
    const { db } = this.database;
    await this.keys.release(db, its, new Date(now.getTime() - ABANDONED_MS));
    if (await this.keys.reserve(db, its, fingerprint, now)) return null;
    const known = await this.keys.find(db, its);
    if (!known) return this.reserve(apiKeyId, key, fingerprint); // the first request failed in between and released the key
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

  async store(apiKeyId: string, key: string, { status, body }: StoredAnswer): Promise<void> {
    await this.keys.answer(this.database.db, { apiKeyId, key }, status, body);
  }

  /** Releases the key: the request failed and may be sent once more. */
  async release(apiKeyId: string, key: string): Promise<void> {
    await this.keys.release(this.database.db, { apiKeyId, key });
  }

  async forgetOld(): Promise<void> {
    await this.keys.deleteBefore(this.database.db, new Date(this.clock.now().getTime() - KEPT_MS));
  }
}
