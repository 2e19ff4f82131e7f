import { Module } from '@nestjs/common';
import { ChoicesModule } from '../choices/choices.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { MeasurementModule } from '../measurement/measurement.module.js';
import { PublicationModule } from '../publication/publication.module.js';
import { AudienceReaderModule } from '../reader/reader.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { ExportService } from './export.service.js';
import { ImportBatch } from './import-batch.js';
import { ImportRepository } from './import.repository.js';
import { ImportService } from './import.service.js';
import { SubscriberViews } from './subscriber-view.js';
import { SubscriberService } from './subscriber.service.js';
import { TopicService } from './topic.service.js';

/** What operators do with readers, by hand and by file. */
@Module({
  imports: [
    AudienceReaderModule,
    ChoicesModule,
    ConsentModule,
    MeasurementModule,
    PublicationModule,
    SubscribersModule,
    SuppressionModule,
  ],
  providers: [
    ExportService,
    ImportBatch,
    ImportRepository,
    ImportService,
    SubscriberViews,
    SubscriberService,
    TopicService,
  ],
  exports: [ExportService, ImportService, SubscriberService, SubscriberViews, TopicService],
})
export class AudienceOperatorModule {}
