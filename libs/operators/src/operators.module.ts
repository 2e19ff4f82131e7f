import { Injectable, Module } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/tick.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';
import { AuditLog } from './audit.js';
import { IdempotencyService } from './idempotency.service.js';
import { OperatorService } from './operator.service.js';
import { SessionService } from './session.service.js';

/** Forgets idempotency keys that are a day old and sessions that have ended. */
@Injectable()
@OnTick({ order: 90 })
class ForgettingTick implements TickTask {
  readonly name = 'forgetting';

  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly sessions: SessionService,
  ) {}

  async run(): Promise<void> {
    await this.idempotency.forgetOld();
    await this.sessions.forgetOld();
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
    ForgettingTick,
  ],
  exports: [ApiKeyService, OperatorService, IdempotencyService, SessionService, AuditLog],
})
export class OperatorsModule {}
