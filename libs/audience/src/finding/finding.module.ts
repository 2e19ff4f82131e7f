import { Module } from '@nestjs/common';
import { ChoicesModule } from '../choices/choices.module.js';
import { AudienceNumbersModule } from '../numbers/numbers.module.js';
import { AudienceOperatorModule } from '../operator/operator.module.js';
import { PublicationModule } from '../publication/publication.module.js';
import { SubscribersModule } from '../subscribers/subscribers.module.js';
import { FindReaders } from './find-readers.service.js';
import { ReaderCountsService } from './reader-counts.service.js';
import { ReaderSearchRepository } from './reader-search.repository.js';

/** Finding readers among many, and counting them. */
@Module({
  imports: [
    AudienceNumbersModule,
    AudienceOperatorModule,
    ChoicesModule,
    PublicationModule,
    SubscribersModule,
  ],
  providers: [FindReaders, ReaderCountsService, ReaderSearchRepository],
  exports: [FindReaders, ReaderCountsService],
})
export class FindingModule {}
