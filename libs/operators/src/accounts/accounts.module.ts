import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AccountLinkRepository } from './account-link.repository.js';
import { GuessLimiter } from './guess-limiter.js';
import { LinkAccess } from './link-access.service.js';
import { OperatorRepository } from './operator.repository.js';
import { OperatorService } from './operator.service.js';

/** People, passwords, guesses, links. */
@Module({
  imports: [AuditModule],
  providers: [AccountLinkRepository, GuessLimiter, LinkAccess, OperatorRepository, OperatorService],
  exports: [AccountLinkRepository, GuessLimiter, LinkAccess, OperatorRepository, OperatorService],
})
export class AccountsModule {}
