import { Get, Param, Query, UseInterceptors } from '@nestjs/common';
import { ComparisonService } from '#feedback/numbers/comparison.service.js';
import {
  articleStatsQuery,
  type ArticleStatsQuery,
  audienceStatsQuery,
  type AudienceStatsQuery,
  comparisonQuery,
  type ComparisonQuery,
  digestStatsQuery,
  type DigestStatsQuery,
  editionStatsQuery,
  type EditionStatsQuery,
  providerStatsQuery,
  type ProviderStatsQuery,
  topicStatsQuery,
  type TopicStatsQuery,
} from '#feedback/numbers/stats.schemas.js';
import { StatsService } from '#feedback/numbers/stats.service.js';
import { CsvRowsInterceptor } from '../../http/csv/csv-rows.interceptor.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { articleStats, audienceStats, comparedStats, editionStats } from '../responses/stats.js';

@ApiController('stats')
@UseInterceptors(CsvRowsInterceptor)
export class StatsController {
  constructor(
    private readonly stats: StatsService,
    private readonly comparisons: ComparisonService,
  ) {}

  @Get('editions')
  @Endpoint({ summary: 'Editions beside each other', returns: comparedStats })
  editions(@Query({ schema: comparisonQuery }) query: ComparisonQuery) {
    return this.comparisons.compare('editions', query);
  }

  @Get('editions/:id')
  @Endpoint({ summary: 'An edition in numbers', returns: editionStats })
  edition(@Param('id') id: string, @Query({ schema: editionStatsQuery }) query: EditionStatsQuery) {
    return this.stats.edition(id, query);
  }

  @Get('digests/:id')
  @Endpoint({ summary: 'The editions of a digest in numbers', returns: editionStats })
  digest(@Param('id') id: string, @Query({ schema: digestStatsQuery }) query: DigestStatsQuery) {
    return this.stats.digest(id, query);
  }

  @Get('articles')
  @Endpoint({ summary: 'Articles beside each other', returns: comparedStats })
  articles(@Query({ schema: comparisonQuery }) query: ComparisonQuery) {
    return this.comparisons.compare('articles', query);
  }

  @Get('articles/:id')
  @Endpoint({ summary: 'An article in numbers: the mails that it was in', returns: articleStats })
  article(@Param('id') id: string, @Query({ schema: articleStatsQuery }) query: ArticleStatsQuery) {
    return this.stats.article(id, query);
  }

  @Get('topics')
  @Endpoint({ summary: 'Topics beside each other', returns: comparedStats })
  topics(@Query({ schema: comparisonQuery }) query: ComparisonQuery) {
    return this.comparisons.compare('topics', query);
  }

  @Get('topics/:id')
  @Endpoint({
    summary: 'The articles on a topic in numbers: a mail counts for each that was in it',
    returns: articleStats,
  })
  topic(@Param('id') id: string, @Query({ schema: topicStatsQuery }) query: TopicStatsQuery) {
    return this.stats.topic(id, query);
  }

  @Get('audience')
  @Endpoint({ summary: 'Who came and who went', returns: audienceStats })
  audience(@Query({ schema: audienceStatsQuery }) query: AudienceStatsQuery) {
    return this.stats.audience(query);
  }

  @Get('providers')
  @Endpoint({ summary: 'All editions by mailbox provider', returns: editionStats })
  providers(@Query({ schema: providerStatsQuery }) query: ProviderStatsQuery) {
    return this.stats.providers(query);
  }
}
