import { Module } from '@nestjs/common';
import { ReadingModule } from '../reading/reading.module.js';
import { ArticleRepository } from './article.repository.js';
import { ArticleService } from './article.service.js';
import { TopicLookup } from './topic-lookup.js';

/** Articles: rows and rules. */
@Module({
  imports: [ReadingModule],
  providers: [ArticleRepository, ArticleService, TopicLookup],
  exports: [ArticleRepository, ArticleService, TopicLookup],
})
export class ArticlesModule {}
