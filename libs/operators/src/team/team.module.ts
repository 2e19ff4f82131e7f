import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { OwnAccountService } from './own-account.service.js';
import { TeamService } from './team.service.js';

/** Who runs the publication: invited, changed, removed; and what they change of themselves. */
@Module({
  imports: [AccountsModule],
  providers: [OwnAccountService, TeamService],
  exports: [OwnAccountService, TeamService],
})
export class TeamModule {}
