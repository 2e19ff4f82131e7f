import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { SessionRepository } from './session.repository.js';
import { SessionService } from './session.service.js';
import { SignInService } from './sign-in.service.js';

/** Who is signed in. */
@Module({
  imports: [AccountsModule, AuditModule, KeysModule, SecondFactorModule],
  providers: [SessionRepository, SessionService, SignInService],
  exports: [SessionService, SignInService],
})
export class SessionsModule {}
