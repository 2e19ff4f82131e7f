import { Module } from '@nestjs/common';
import { DigestOperatorModule } from '#digest/operator/operator.module.js';
import { DeliveryEditionsModule } from '../editions/editions.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { OutboxModule } from '../outbox/outbox.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { ClaimRecovery } from './claim-recovery.js';
import { DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick } from './ticks.js';
import { UseTick } from './use-tick.js';

/** What a crash left, settled. */
@Module({
  imports: [DeliveryEditionsModule, DigestOperatorModule, LimitsModule, OutboxModule, PolicyModule],
  providers: [ClaimRecovery, DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick, UseTick],
})
export class RecoveryModule {}
