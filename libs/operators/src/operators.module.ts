import { Database } from '#database/database.js';
import { forgetOldTries } from '#database/rate-limit.js';
import { Clock } from '#kernel/clock.js';
import { GuessLimiter } from './accounts/guess-limiter.js';
import { Injectable, Module } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/tick.js';
import { ApiKeyRepository } from './keys/api-key.repository.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { AuditLog } from './audit/audit.js';
import { IdempotencyService } from './audit/idempotency.service.js';
import { OperatorService } from './accounts/operator.service.js';
import { SessionService } from './sessions/session.service.js';
import { SignInTrail } from './sessions/sign-in-trail.js';

/** Forgets idempotency keys that are a day old, sessions that have ended and tries that no longer count. */
@Injectable()
@OnTick({ order: 90 })
class ForgettingTick implements TickTask {
  readonly name = 'forgetting';

  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly sessions: SessionService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.idempotency.forgetOld();
    await this.sessions.forgetOld();
    await forgetOldTries(this.database.db, this.clock.now());
  }
}

/** Who may do what, and who did. */
@Module({
  providers: [
    ApiKeyRepository,
    ApiKeyService,
    OperatorService,
    IdempotencyService,
    SessionService,
    AuditLog,
    GuessLimiter,
    SignInTrail,
    ForgettingTick,
  ],
  exports: [ApiKeyService, OperatorService, IdempotencyService, SessionService, AuditLog],
})
export class OperatorsModule {}
