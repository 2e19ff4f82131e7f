import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { SecondFactorModule } from '../second-factor/second-factor.module.js';
import { OwnAccountService } from './own-account.service.js';
import { TeamService } from './team.service.js';

/** Who runs the publication: invited, changed, removed; and what they change of themselves. */
@Module({
  imports: [AccountsModule, AuditModule, SecondFactorModule],
  providers: [OwnAccountService, TeamService],
  exports: [OwnAccountService, TeamService],
})
export class TeamModule {}
