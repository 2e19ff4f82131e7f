import { Module } from '@nestjs/common';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { AudienceReaderModule } from '#audience/reader/reader.module.js';
import { MessagesModule } from '#delivery/messages/messages.module.js';
import { ReturnsModule } from '#delivery/returns/returns.module.js';
import { ReturnReadingModule } from '../reading/reading.module.js';
import { FeedbackEventsRepository } from './feedback-events.repository.js';
import { IngestService } from './ingest.service.js';
import { ReaderActions } from './reader-actions.js';
import { ReadersRepository } from './readers.repository.js';
import { ReportRepository } from './report.repository.js';
import { ReturnedItemRepository } from './returned-item.repository.js';
import { SubjectFinder } from './subject-finder.js';

/** What is done about what came back. */
@Module({
  imports: [AudienceReaderModule, MessagesModule, PublicationModule, ReturnReadingModule, ReturnsModule],
  providers: [
    FeedbackEventsRepository,
    IngestService,
    ReaderActions,
    ReadersRepository,
    ReportRepository,
    ReturnedItemRepository,
    SubjectFinder,
  ],
  exports: [
    FeedbackEventsRepository,
    IngestService,
    ReaderActions,
    ReadersRepository,
    ReturnedItemRepository,
    SubjectFinder,
  ],
})
export class ActingModule {}
