import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { FetchingModule } from '../fetching/fetching.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { EntryIntake } from './entry-intake.js';
import { FeedPollProcessor } from './feed-poll.processor.js';
import { FeedPoller } from './feed-poller.js';
import { FeedReader } from './feed-reader.js';
import { FeedTick } from './feed-tick.js';
import { FeedRepository } from './feed.repository.js';
import { FeedService } from './feed.service.js';

/** Feeds, polled. */
@Module({
  imports: [ArticlesModule, FetchingModule, ReadingModule],
  providers: [EntryIntake, FeedPollProcessor, FeedPoller, FeedReader, FeedRepository, FeedService, FeedTick],
  exports: [FeedService],
})
export class FeedsModule {}
