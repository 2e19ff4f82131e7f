import { Module } from '@nestjs/common';
import { MeasurementModule } from '#audience/measurement/measurement.module.js';
import { PublicationModule } from '#audience/publication/publication.module.js';
import { SubscribersModule } from '#audience/subscribers/subscribers.module.js';
import { FoldRepository } from './fold.repository.js';
import { NumbersTick } from './numbers.tick.js';
import { OldRowsRepository } from './old-rows.repository.js';
import { ArticleStatsRepository } from './article-stats.repository.js';
import { ComparisonRepository } from './comparison.repository.js';
import { ComparisonService } from './comparison.service.js';
import { RecountRepository } from './recount.repository.js';
import { StatsRepository } from './stats.repository.js';
import { StatsService } from './stats.service.js';

/** Numbers of editions and of the audience: added up, answered. */
@Module({
  imports: [MeasurementModule, PublicationModule, SubscribersModule],
  providers: [
    ArticleStatsRepository,
    ComparisonRepository,
    ComparisonService,
    FoldRepository,
    NumbersTick,
    OldRowsRepository,
    RecountRepository,
    StatsRepository,
    StatsService,
  ],
  exports: [ComparisonService, StatsService],
})
export class NumbersModule {}
