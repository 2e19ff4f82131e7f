import { Module } from '@nestjs/common';
import { ArticleRepository } from './articles/article.repository.js';
import { ArticleService } from './articles/article.service.js';
import { ContentSandboxes, FeedContent, GivenContent } from './reading/content-sandboxes.js';
import { TopicLookup } from './articles/topic-lookup.js';

/** Articles. Needs Database, Clock and Metrics, which are global. */
@Module({
  providers: [
    ArticleRepository,
    ArticleService,
    TopicLookup,
    ContentSandboxes,
    {
      provide: FeedContent,
      inject: [ContentSandboxes],
      useFactory: ({ feeds }: ContentSandboxes) => new FeedContent(feeds),
    },
    {
      provide: GivenContent,
      inject: [ContentSandboxes],
      useFactory: ({ given }: ContentSandboxes) => new GivenContent(given),
    },
  ],
  exports: [ArticleRepository, ArticleService, FeedContent, GivenContent, TopicLookup],
})
export class ContentModule {}
