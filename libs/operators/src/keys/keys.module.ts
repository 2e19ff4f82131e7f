import { Module } from '@nestjs/common';
import { ApiKeyRepository } from './api-key.repository.js';
import { ApiKeyService } from './api-key.service.js';

/** API keys. */
@Module({
  providers: [ApiKeyRepository, ApiKeyService],
  exports: [ApiKeyService],
})
export class KeysModule {}
