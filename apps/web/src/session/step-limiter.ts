import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { RateCounter } from '#database/rate-limit.js';
import { clientKey } from '#kernel/input/client-key.js';

/** Sign-ins that a client may begin: each leaves a row until it is over. */
const STEPS = { name: 'sign-in-step', points: 60, windowS: 15 * 60 };

/** Bounds what a stranger can have us remember. */
@Injectable()
export class StepLimiter {
  private readonly counter: RateCounter;

  constructor(database: Database) {
    this.counter = new RateCounter(database, STEPS);
  }

  /** @throws DomainError `rate_limited` */
  async consume(ip: string | undefined): Promise<void> {
    await this.counter.take([clientKey(ip)], 'Too many sign-ins were begun; wait a while.');
  }
}
