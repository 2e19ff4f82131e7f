import { Database } from '#database/database.js';
import { forgetOldTries } from '#database/rate-limit.js';
import { Clock } from '#kernel/clock.js';
import { Injectable, Module } from '@nestjs/common';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { AuditModule } from './audit/audit.module.js';
import { IdempotencyService } from './audit/idempotency.service.js';
import { KeysModule } from './keys/keys.module.js';
import { LiveModule } from './live/live.module.js';
import { SessionService } from './sessions/session.service.js';
import { SessionsModule } from './sessions/sessions.module.js';

/** Forgets idempotency keys that are a day old, sessions that have ended and tries that no longer count. */
@Injectable()
@OnTick({ order: 90 })
class ForgettingTick implements TickTask {
  readonly name = 'forgetting';

  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly sessions: SessionService,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    await this.idempotency.forgetOld();
    await this.sessions.forgetOld();
    await forgetOldTries(this.database.db, this.clock.now());
  }
}

const rooms = [LiveModule, SessionsModule, AccountsModule, AuditModule, KeysModule];

/** Who may do what, and who did. */
@Module({ imports: rooms, providers: [ForgettingTick], exports: rooms })
export class OperatorsModule {}
