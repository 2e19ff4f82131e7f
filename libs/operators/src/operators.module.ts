import { Database } from '#database/database.js';
import { forgetOldTries } from '#database/rate-limit.js';
import { Clock } from '#kernel/clock.js';
import { Injectable, Module } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { AccountLinkRepository } from './accounts/account-link.repository.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuditService } from './audit/audit.service.js';
import { IdempotencyService } from './audit/idempotency.service.js';
import { FirstRunModule } from './first-run/first-run.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LiveModule } from './live/live.module.js';
import { ProviderModule } from './provider/provider.module.js';
import { SignInStepRepository } from './second-factor/sign-in-step.repository.js';
import { SecondFactorModule } from './second-factor/second-factor.module.js';
import { SessionService } from './sessions/session.service.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { TeamModule } from './team/team.module.js';

/** Forgets idempotency keys that are a day old, sessions that have ended, tries that no longer count and old addresses. */
@Injectable()
@OnTick({ order: 90 })
class ForgettingTick implements TickTask {
  readonly name = 'forgetting';

  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly sessions: SessionService,
    private readonly audit: AuditService,
    private readonly links: AccountLinkRepository,
    private readonly steps: SignInStepRepository,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.idempotency.forgetOld();
    await this.sessions.forgetOld();
    await this.audit.forgetOrigins();
    await forgetOldTries(this.database.db, this.clock.now());
    await this.links.deleteOld(this.database.db, this.clock.now());
    await this.steps.deleteOld(this.database.db, this.clock.now());
  }
}

const rooms = [
  LiveModule,
  SessionsModule,
  TeamModule,
  FirstRunModule,
  ProviderModule,
  SecondFactorModule,
  AccountsModule,
  AuditModule,
  KeysModule,
];

/** Who may do what, and who did. */
@Module({ imports: rooms, providers: [ForgettingTick], exports: rooms })
export class OperatorsModule {}
