import { Injectable } from '@nestjs/common';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { DomainError } from '#kernel/errors/errors.js';
import { clientKey } from '#kernel/input/client-key.js';

/**
 * Refused requests of a network after which it is refused unlooked: each costs a body to read and a signature to check. What is
 * believed is not counted, and a provider whose key is wrong here tries far less often. Each process counts by itself.
 */
const REFUSED_OF_NETWORK = { points: 600, duration: 60 };

/** Counts the requests to webhooks that were not believed. */
@Injectable()
export class RefusedHooks {
  private readonly limiter = new RateLimiterMemory(REFUSED_OF_NETWORK);

  async count(ip: string): Promise<void> {
    await this.limiter.penalty(clientKey(ip));
  }

  /** @throws DomainError `rate_limited` */
  async refuseTooMany(ip: string): Promise<void> {
    const state = await this.limiter.get(clientKey(ip));
    if (!state || state.consumedPoints < REFUSED_OF_NETWORK.points) return;
    throw new DomainError('rate_limited', 'Too many requests from your network were not believed.', {
      retryAfter: Math.max(1, Math.ceil(state.msBeforeNext / 1000)),
    });
  }
}
