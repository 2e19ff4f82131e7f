import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { FetchingModule } from '../fetching/fetching.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { EntryIntake } from './entry-intake.js';
import { FeedPollHandler, FeedTick } from './feed-jobs.js';
import { FeedPoller } from './feed-poller.js';
import { FeedReader } from './feed-reader.js';
import { FeedRepository } from './feed.repository.js';
import { FeedService } from './feed.service.js';

/** Feeds, polled. */
@Module({
  imports: [ArticlesModule, FetchingModule, ReadingModule],
  providers: [EntryIntake, FeedPollHandler, FeedTick, FeedPoller, FeedReader, FeedRepository, FeedService],
  exports: [FeedService],
})
export class FeedsModule {}
