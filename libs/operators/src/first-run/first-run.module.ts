import { Module } from '@nestjs/common';
import { AccountsModule } from '../accounts/accounts.module.js';
import { AuditModule } from '../audit/audit.module.js';
import { FirstRun } from './first-run.service.js';

/** The first owner of an installation that nobody runs yet. */
@Module({ imports: [AccountsModule, AuditModule], providers: [FirstRun], exports: [FirstRun] })
export class FirstRunModule {}
