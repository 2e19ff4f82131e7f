import { Body, Get, Param, Post, Query } from '@nestjs/common';
import {
  explainQuery,
  type ExplainQuery,
  planInput,
  type PlanInput,
} from '#digest/explain/explain.schemas.js';
import { ExplainService } from '#digest/explain/explain.service.js';
import { PlanService } from '#digest/explain/plan.service.js';
import { orNothing } from '#kernel/input/validate.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { explanationView, planView } from '../responses/selection.js';

/** Why a reader gets an article, after an edition. */
@ApiController('editions')
export class ExplainController {
  constructor(private readonly explaining: ExplainService) {}

  @Get(':id/explain')
  @Endpoint({ summary: 'Why a reader got each article, or not', returns: explanationView })
  explain(@Param('id') id: string, @Query({ schema: explainQuery }) query: ExplainQuery) {
    return this.explaining.explain(id, query);
  }
}

/** What would go to whom, before an edition. */
@ApiController('digests')
export class PlanController {
  constructor(private readonly plans: PlanService) {}

  @Post(':id/plan')
  @Endpoint({
    summary: 'What the next edition would be; nothing is written',
    returns: planView,
    problems: [409, 503],
  })
  plan(@Param('id') id: string, @Body({ schema: orNothing(planInput) }) body: PlanInput) {
    return this.plans.plan(id, body);
  }
}
