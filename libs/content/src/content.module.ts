import { Module } from '@nestjs/common';
import { ArticlesModule } from './articles/articles.module.js';
import { FeedsModule } from './feeds/feeds.module.js';
import { ImportModule } from './import/import.module.js';
import { ReadingModule } from './reading/reading.module.js';

const rooms = [ImportModule, FeedsModule, ArticlesModule, ReadingModule];

/** Articles, and how they come in. Needs the global kernel, database and queue providers. */
@Module({ imports: rooms, exports: rooms })
export class ContentModule {}
