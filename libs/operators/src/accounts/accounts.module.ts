import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module.js';
import { AccountLinkRepository } from './account-link.repository.js';
import { GuessLimiter } from './guess-limiter.js';
import { LinkAccess } from './link-access.service.js';
import { OperatorRepository } from './operator.repository.js';
import { OperatorService } from './operator.service.js';
import { SignInTrail } from './sign-in-trail.js';

const all = [
  AccountLinkRepository,
  GuessLimiter,
  LinkAccess,
  OperatorRepository,
  OperatorService,
  SignInTrail,
];

/** People, passwords, guesses, links. */
@Module({
  imports: [AuditModule],
  providers: all,
  exports: all,
})
export class AccountsModule {}
