import { createHash } from 'node:crypto';
import { lt, sql } from 'drizzle-orm';
import { RateLimiterDrizzle, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { DomainError } from '#kernel/errors/errors.js';
import type { Database, Executor } from './database.js';
import { rateLimit } from './schema/index.js';

export interface RateLimit {
  /** What is counted: `sign-in`. */
  name: string;
  /** Tries within the window. */
  points: number;
  /** Seconds from the first try on. */
  windowS: number;
}

/** Counts tries in the database, so that they count for all processes and stay counted through a restart. */
export class RateCounter {
  private readonly limiter: RateLimiterAbstract;

  constructor(
    database: Database,
    private readonly limit: RateLimit,
  ) {
    this.limiter = new RateLimiterDrizzle({
      storeClient: database.db,
      schema: rateLimit,
      keyPrefix: limit.name,
      points: limit.points,
      duration: limit.windowS,
      // No inMemoryBlockOnConsumed: what this process remembers would outlive what another gives back or forgets.
      clearExpiredByTimeout: false, // the tick does it
    });
  }

  /**
   * Counts a try.
   * @param who is counted: hashed, so that no address is stored
   * @param message says what is too much
   * @throws DomainError `rate_limited` with the seconds to wait, when it is one too many
   */
  async take(who: readonly string[], message: string): Promise<void> {
    try {
      await this.limiter.consume(keyOf(who));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      throw tooMany(refusal, message);
    }
  }

  /** Takes one try back: it was none that is to be limited. */
  async giveBack(who: readonly string[]): Promise<void> {
    await this.limiter.reward(keyOf(who));
  }

  /** Forgets all tries. */
  async forget(who: readonly string[]): Promise<void> {
    await this.limiter.delete(keyOf(who));
  }

  /** Whether anything is counted at present. */
  async knows(who: readonly string[]): Promise<boolean> {
    return (await this.limiter.get(keyOf(who))) !== null;
  }

  /** Begins to count anew, with one try. */
  async mark(who: readonly string[]): Promise<void> {
    await this.limiter.set(keyOf(who), 1, this.limit.windowS);
  }
}

/** Forgets all tries of everybody who is counted under that name, and whose first part it is: in a transaction, if there is one. */
export async function forgetTriesOf(db: Executor, { name }: RateLimit, first: string): Promise<void> {
  await db.delete(rateLimit).where(sql`starts_with(${rateLimit.key}, ${`${name}:${keyOf([first])}`})`);
}

/** Deletes what no longer counts. */
export async function forgetOldTries(db: Executor, now: Date): Promise<void> {
  await db.delete(rateLimit).where(lt(rateLimit.expire, now));
}

function tooMany({ msBeforeNext }: RateLimiterRes, message: string): DomainError {
  return new DomainError('rate_limited', message, {
    retryAfter: Math.max(1, Math.ceil(msBeforeNext / 1000)),
  });
}

/** Each part by itself, so that those with the same first one can be found: see {@link forgetTriesOf}. */
function keyOf(who: readonly string[]): string {
  return who.map((part) => createHash('sha256').update(part).digest('base64url')).join('.');
}
