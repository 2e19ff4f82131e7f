import { Module } from '@nestjs/common';
import { AuditLog } from './audit.js';
import { AuditRepository } from './audit.repository.js';
import { AuditService } from './audit.service.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { IdempotencyService } from './idempotency.service.js';

/** Who did what. */
@Module({
  providers: [AuditLog, AuditRepository, AuditService, IdempotencyRepository, IdempotencyService],
  exports: [AuditLog, AuditRepository, AuditService, IdempotencyService],
})
export class AuditModule {}
