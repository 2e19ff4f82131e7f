import { Module } from '@nestjs/common';
import { Config } from '#kernel/config/config.js';
import { ContentModule } from '../content.module.js';
import { Fetcher } from '../fetching/fetcher.js';
import { ImportService } from '../import/import.service.js';
import { EntryIntake } from './entry-intake.js';
import { FeedPollHandler, FeedTick } from './feed-jobs.js';
import { FeedPoller } from './feed-poller.js';
import { FeedReader } from './feed-reader.js';
import { FeedRepository } from './feed.repository.js';
import { FeedService } from './feed.service.js';

/** Articles from elsewhere: feeds and imported pages. Needs Database, Clock, Config, Log and JobQueue, which are global. */
@Module({
  imports: [ContentModule],
  providers: [
    {
      provide: Fetcher,
      inject: [Config],
      useFactory: ({ fetchAllow, baseUrl, baseUrlGiven }: Config) =>
        new Fetcher(fetchAllow, baseUrlGiven ? `Broadsheet (+${baseUrl})` : 'Broadsheet'),
    },
    ...[FeedRepository, FeedReader, EntryIntake, FeedPoller, FeedService, FeedTick, FeedPollHandler],
    ImportService,
  ],
  exports: [FeedService, ImportService],
})
export class FeedsModule {}
