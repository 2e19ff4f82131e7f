import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { DigestClockModule } from '#digest/clock/clock.module.js';
import { DigestContentModule } from '#digest/content/content.module.js';
import { SelectionModule } from '#digest/selection/selection.module.js';
import { RenderingModule } from '#rendering/rendering.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { MessagesModule } from '../messages/messages.module.js';
import { PolicyModule } from '../policy/policy.module.js';
import { DeliveryRecallModule } from '../recall/recall.module.js';
import { RoutesModule } from '../routes/routes.module.js';
import { BatchJobs } from './batch-jobs.js';
import { BatchSender } from './batch-sender.js';
import { DeliverBatchProcessor } from './deliver-batch.processor.js';
import { DeliveryRepository } from './delivery.repository.js';
import { EditionPlates } from './edition-plates.js';
import { EditionStarter } from './edition-starter.js';
import { FreezeRepository } from './freeze.repository.js';
import { PrepareEditionProcessor } from './prepare-edition.processor.js';

/** Editions on their way: waves, batches, claims. */
@Module({
  imports: [
    DeliveryRecallModule,
    DigestClockModule,
    DigestContentModule,
    LimitsModule,
    MessagesModule,
    PolicyModule,
    PublicationModule,
    RenderingModule,
    RoutesModule,
    SelectionModule,
  ],
  providers: [
    BatchJobs,
    BatchSender,
    DeliverBatchProcessor,
    DeliveryRepository,
    EditionPlates,
    EditionStarter,
    FreezeRepository,
    PrepareEditionProcessor,
  ],
  exports: [BatchJobs, BatchSender, DeliveryRepository, EditionStarter],
})
export class DeliveryEditionsModule {}
