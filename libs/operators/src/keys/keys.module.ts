import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';
import { KeyRates } from './key-limits.js';

/** API keys. */
@Module({
  imports: [AuditModule],
  providers: [ApiKeyRepository, ApiKeyService, KeyRates],
  exports: [ApiKeyService, KeyRates],
})
export class KeysModule {}
