import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { MailCompiler } from '#rendering/mail-compiler.js';
import { MailRenderer, RenderingModule } from '#rendering/rendering.module.js';
import { BatchSender } from './batch-sender.js';
import { ClaimRecovery } from './claim-recovery.js';
import { DeliveryRepository } from './delivery.repository.js';
import { EditionPlates } from './edition-plates.js';
import { EditionStarter } from './edition-starter.js';
import { FreezeRepository } from './freeze.repository.js';
import { DeliverBatchHandler, PrepareEditionHandler, SendMailHandler } from './handlers.js';
import { MailSender } from './mail-sender.js';
import { OutboxRepository } from './outbox.repository.js';
import { Recall } from './recall.js';
import { SingleMails } from './single-mails.js';
import { DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick } from './ticks.js';
import { TransportPool } from './transport-pool.js';
import { TransportsModule } from './transports/transports.module.js';
import { ForecastRepository } from './forecast/forecast.repository.js';
import { ForecastTick } from './forecast/forecast-tick.js';
import { PaceRepository } from './limits/pace.repository.js';
import { SendingLimits } from './limits/sending-limits.js';
import { PolicyBreaker } from './policy/policy-breaker.js';
import { PolicyRepository } from './policy/policy.repository.js';
import { UseTick } from './limits/use-tick.js';

/** Sends editions and single mails. Runs in the worker. */
@Module({
  imports: [AudienceModule, DigestModule, RenderingModule, TransportsModule],
  providers: [
    {
      provide: MailCompiler,
      inject: [MailRenderer],
      useFactory: (renderer: MailRenderer) => new MailCompiler(renderer),
    },
    TransportPool,
    PaceRepository,
    ForecastRepository,
    ForecastTick,
    SendingLimits,
    PolicyRepository,
    PolicyBreaker,
    FreezeRepository,
    Recall,
    DeliveryRepository,
    OutboxRepository,
    EditionPlates,
    EditionStarter,
    BatchSender,
    ClaimRecovery,
    SingleMails,
    MailSender,
    SendMailHandler,
    PrepareEditionHandler,
    DeliverBatchHandler,
    RecoveryTick,
    OutboxTick,
    EditionsTick,
    DeliveriesTick,
    UseTick,
  ],
  exports: [TransportPool],
})
export class DeliveryModule {}
