import { Get, Param, Query } from '@nestjs/common';
import {
  articleStatsQuery,
  type ArticleStatsQuery,
  audienceStatsQuery,
  type AudienceStatsQuery,
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
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { audienceStats, clickStats, editionStats } from '../responses/stats.js';

@ApiController('stats')
export class StatsController {
  constructor(private readonly stats: StatsService) {}

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

  @Get('articles/:id')
  @Endpoint({ summary: 'Clicks on the links of an article', returns: clickStats })
  article(@Param('id') id: string, @Query({ schema: articleStatsQuery }) query: ArticleStatsQuery) {
    return this.stats.article(id, query);
  }

  @Get('topics/:id')
  @Endpoint({
    summary: 'Clicks on the links of the articles on a topic',
    returns: clickStats,
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
