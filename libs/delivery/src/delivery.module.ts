import { Injectable, Module, type BeforeApplicationShutdown } from '@nestjs/common';
import { AudienceModule } from '#audience/audience.module.js';
import { Database } from '#database/database.js';
import { DigestModule } from '#digest/digest.module.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config.js';
import { Log } from '#kernel/logger.js';
import { Metrics } from '#kernel/metrics.js';
import { MailCompiler } from '#rendering/mail-compiler.js';
import { BatchSender } from './batch-sender.js';
import { ClaimRecovery } from './claim-recovery.js';
import { DeliveryRepository } from './delivery.repository.js';
import { EditionPlates } from './edition-plates.js';
import { EditionStarter } from './edition-starter.js';
import { FreezeRepository } from './freeze.repository.js';
import { DeliverBatchHandler, PrepareEditionHandler, SendMailHandler } from './handlers.js';
import { MailSender } from './mail-sender.js';
import { MailboxTransport } from './mailbox-transport.js';
import { OutboxRepository } from './outbox.repository.js';
import { SingleMails } from './single-mails.js';
import { parseSmtpUrl } from './smtp-options.js';
import { SmtpTransport } from './smtp-transport.js';
import { DeliveriesTick, EditionsTick, OutboxTick, RecoveryTick } from './ticks.js';
import { Transport } from './transport.js';

@Injectable()
class TransportShutdown implements BeforeApplicationShutdown {
  constructor(private readonly transport: Transport) {}

  async beforeApplicationShutdown(): Promise<void> {
    await this.transport.close();
  }
}

/** Sends editions and single mails. Runs in the worker. */
@Module({
  imports: [AudienceModule, DigestModule],
  providers: [
    {
      provide: Transport,
      inject: [Config, Database, Clock, Log, Metrics],
      useFactory: (
        config: Config,
        database: Database,
        clock: Clock,
        log: Log,
        metrics: Metrics,
      ): Transport =>
        config.smtp.url
          ? new SmtpTransport(
              'default',
              parseSmtpUrl(config.smtp.url),
              config.smtp.connections,
              log,
              (open) => metrics.smtpConnections.set(open),
            )
          : new MailboxTransport(database, clock),
    },
    {
      provide: MailCompiler,
      inject: [Metrics],
      useFactory: (metrics: Metrics) =>
        new MailCompiler({ onCompile: (template: string) => metrics.mjmlCompiles.inc({ template }) }),
    },
    FreezeRepository,
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
    TransportShutdown,
  ],
  exports: [Transport],
})
export class DeliveryModule {}
