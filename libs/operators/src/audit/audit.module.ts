import { Module } from '@nestjs/common';
import { AuditLog } from './audit.js';
import { IdempotencyService } from './idempotency.service.js';

/** Who did what. */
@Module({
  providers: [AuditLog, IdempotencyService],
  exports: [AuditLog, IdempotencyService],
})
export class AuditModule {}
