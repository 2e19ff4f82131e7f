import { Module } from '@nestjs/common';
import { ReadingModule } from '../reading/reading.module.js';
import { ArticleRepository } from './article.repository.js';
import { ArticleService } from './article.service.js';
import { TopicLookup } from './topic-lookup.js';
import { TopicRepository } from './topic.repository.js';

/** Articles: rows and rules. */
@Module({
  imports: [ReadingModule],
  providers: [ArticleRepository, ArticleService, TopicLookup, TopicRepository],
  exports: [ArticleRepository, ArticleService, TopicLookup],
})
export class ArticlesModule {}
