import { Module } from '@nestjs/common';
import { ArticlesModule } from '../articles/articles.module.js';
import { FetchingModule } from '../fetching/fetching.module.js';
import { ReadingModule } from '../reading/reading.module.js';
import { ImportService } from './import.service.js';

/** A page by its URL. */
@Module({
  imports: [ArticlesModule, FetchingModule, ReadingModule],
  providers: [ImportService],
  exports: [ImportService],
})
export class ImportModule {}
