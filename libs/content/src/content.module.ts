import { Module } from '@nestjs/common';
import { ArticleRepository } from './article.repository.js';
import { ArticleService } from './article.service.js';
import { TopicLookup } from './topic-lookup.js';

/** Articles. Needs Database and Clock, which are global. */
@Module({
  providers: [ArticleRepository, ArticleService, TopicLookup],
  exports: [ArticleRepository, ArticleService, TopicLookup],
})
export class ContentModule {}
