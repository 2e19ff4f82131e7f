import { Injectable, Module } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/tick.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';
import { AuditLog } from './audit.js';
import { IdempotencyService } from './idempotency.service.js';
import { OperatorService } from './operator.service.js';

/** Forgets idempotency keys that are a day old. */
@Injectable()
@OnTick({ order: 90 })
class IdempotencyTick implements TickTask {
  readonly name = 'idempotency keys';

  constructor(private readonly idempotency: IdempotencyService) {}

  run(): Promise<void> {
    return this.idempotency.forgetOld();
  }
}

/** Who may do what, and who did. */
@Module({
  providers: [
    ApiKeyRepository,
    ApiKeyService,
    OperatorService,
    IdempotencyService,
    AuditLog,
    IdempotencyTick,
  ],
  exports: [ApiKeyService, OperatorService, IdempotencyService, AuditLog],
})
export class OperatorsModule {}
