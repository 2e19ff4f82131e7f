import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { OidcService } from './oidc.service.js';
import { ProviderAccounts } from './provider-accounts.js';

/** Signing in at an identity provider. */
@Module({
  imports: [AccountsModule, AuditModule, SecondFactorModule],
  providers: [OidcService, ProviderAccounts],
  exports: [OidcService],
})
export class ProviderModule {}
