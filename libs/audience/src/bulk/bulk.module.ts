import { Module } from '@nestjs/common';
import { ChoicesModule } from '../choices/choices.module.js';
import { ConsentModule } from '../consent/consent.module.js';
import { FindingModule } from '../finding/finding.module.js';
import { PublicationModule } from '../publication/publication.module.js';
import { AudienceReaderModule } from '../reader/reader.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { SuppressionModule } from '../suppression/suppression.module.js';
import { BulkActs } from './bulk-acts.js';
import { BulkReadersRepository } from './bulk-readers.repository.js';
import { BulkWorker } from './bulk-worker.js';
import { BulkProcessor } from './bulk.processor.js';
import { BulkRepository } from './bulk.repository.js';
import { BulkService } from './bulk.service.js';
import { BulkTick } from './bulk.tick.js';

/** What operators do to many readers at once. */
@Module({
  imports: [
    AudienceReaderModule,
    ChoicesModule,
    ConsentModule,
    FindingModule,
    PublicationModule,
    SubscribersModule,
    SuppressionModule,
  ],
  providers: [
    BulkActs,
    BulkProcessor,
    BulkReadersRepository,
    BulkRepository,
    BulkService,
    BulkTick,
    BulkWorker,
  ],
  exports: [BulkService],
})
export class BulkModule {}
