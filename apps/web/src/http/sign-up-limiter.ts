import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import {
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';
import { Config } from '#kernel/config/config.js';
import { DomainError } from '#kernel/errors/errors.js';
import { Log } from '#kernel/observing/logger.js';
import { Metrics } from '#kernel/observing/metrics.js';
import { connectRedis, type RedisClient } from '#queue/redis/redis-connection.js';
import { clientKey } from '#kernel/input/client-key.js';

const WINDOW_SECONDS = 60;
/** How long a sign-up waits for Redis before this process counts by itself. */
const REDIS_TIMEOUT_MS = 1_000;

/** Bounds how often one client may make us write a mail: sign-ups and fresh links together. */
@Injectable()
export class SignUpLimiter implements OnModuleInit, OnModuleDestroy {
  private readonly limiter: RateLimiterAbstract | null;
  private redis: RedisClient | undefined;

  constructor(
    config: Config,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {
    this.limiter =
      config.signupRatePerMinute === 0 ? null : this.make(config.signupRatePerMinute, config.redisUrl);
  }

  /** Counts one try. @throws DomainError `rate_limited` with the seconds to wait */
  async consume(ip: string | undefined): Promise<void> {
    try {
      await this.limiter?.consume(clientKey(ip));
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      this.metrics.signUps.inc({ result: 'limited' });
      const retryAfter = Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
      throw new DomainError(
        'rate_limited',
        `Too many tries from your network. Try again in ${retryAfter} seconds.`,
        {
          retryAfter,
        },
      );
    }
  }

  /** Not awaited: the site is up whether or not Redis is. */
  onModuleInit(): void {
    // A failure is logged by the error listener, and tried again.
    this.redis?.connect().catch(() => undefined);
  }

  onModuleDestroy(): void {
    this.redis?.disconnect();
  }

  private make(points: number, redisUrl: string | null): RateLimiterAbstract {
    const memory = new RateLimiterMemory({ keyPrefix: 'signup', points, duration: WINDOW_SECONDS });
    if (!redisUrl) return memory;
    // While Redis is away, commands fail at once and the memory counts.
    this.redis = connectRedis(redisUrl, { giveUpAfterMs: REDIS_TIMEOUT_MS, lazyConnect: true });
    this.redis.on('error', (error: Error) =>
      this.log.debug('rate limits without redis', { reason: error.message }),
    );
    return new RateLimiterRedis({
      storeClient: this.redis,
      keyPrefix: 'broadsheet:signup',
      points,
      duration: WINDOW_SECONDS,
      insuranceLimiter: memory,
    });
  }
}
