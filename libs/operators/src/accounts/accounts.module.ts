import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { GuessLimiter } from './guess-limiter.js';
import { OperatorRepository } from './operator.repository.js';
import { OperatorService } from './operator.service.js';

/** People, passwords, guesses. */
@Module({
  imports: [AuditModule],
  providers: [GuessLimiter, OperatorRepository, OperatorService],
  exports: [GuessLimiter, OperatorService],
})
export class AccountsModule {}
