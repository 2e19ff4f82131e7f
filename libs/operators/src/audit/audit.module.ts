import { Module } from '@nestjs/common';
import { AuditLog } from './audit.js';
import { AuditRepository } from './audit.repository.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyService } from './idempotency.service.js';

/** Who did what. */
@Module({
  providers: [AuditLog, AuditRepository, IdempotencyRepository, IdempotencyService],
  exports: [AuditLog, AuditRepository, IdempotencyService],
})
export class AuditModule {}
