import { Module } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { DigestModule } from '#digest/digest.module.js';
import { MailCompiler } from '#rendering/mail/mail-compiler.js';
import { MailRenderer, RenderingModule } from '#rendering/rendering.module.js';
import { BatchSender } from './editions/batch-sender.js';
import { ClaimRecovery } from './recovery/claim-recovery.js';
import { DeliveryRepository } from './editions/delivery.repository.js';
import { EditionPlates } from './editions/edition-plates.js';
import { EditionStarter } from './editions/edition-starter.js';
import { FreezeRepository } from './editions/freeze.repository.js';
import { DeliverBatchHandler, PrepareEditionHandler, SendMailHandler } from './handlers.js';
import { MailSender } from './outbox/mail-sender.js';
import { OutboxRepository } from './outbox/outbox.repository.js';
import { Recall } from './editions/recall.js';
import { SingleMails } from './outbox/single-mails.js';
import { DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick } from './recovery/ticks.js';
import { TransportPool } from './routes/transport-pool.js';
import { TransportsModule } from './transports/transports.module.js';
import { ForecastRepository } from './forecast/forecast.repository.js';
import { ForecastTick } from './forecast/forecast-tick.js';
import { PaceRepository } from './limits/pace.repository.js';
import { SendingLimits } from './limits/sending-limits.js';
import { PolicyBreaker } from './policy/policy-breaker.js';
import { PolicyRepository } from './policy/policy.repository.js';
import { UseTick } from './recovery/use-tick.js';

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
