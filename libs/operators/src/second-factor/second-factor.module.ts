import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { PasskeyRepository } from './passkey.repository.js';
import { PasskeyService } from './passkey.service.js';
import { RecoveryCodeRepository } from './recovery-code.repository.js';
import { SignInStepRepository } from './sign-in-step.repository.js';
import { TotpService } from './totp.service.js';

/** Codes of authenticator apps, recovery codes, passkeys. */
@Module({
  imports: [AccountsModule],
  providers: [PasskeyRepository, PasskeyService, RecoveryCodeRepository, SignInStepRepository, TotpService],
  exports: [PasskeyService, SignInStepRepository, TotpService],
})
export class SecondFactorModule {}
