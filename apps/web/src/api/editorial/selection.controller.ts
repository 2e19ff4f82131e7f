import { Get, Param, Post } from '@nestjs/common';
import { explainQuery, planInput } from '#digest/explain/explain.schemas.js';
import { ExplainService } from '#digest/explain/explain.service.js';
import { PlanService } from '#digest/explain/plan.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { InputBody, InputQuery } from '../../http/input.js';
import { ApiController } from '../api.controller.js';
import { explanationView, planView } from '../responses/selection.js';

/** Why a reader gets an article, after an edition. */
@ApiController('editions')
export class ExplainController {
  constructor(private readonly explaining: ExplainService) {}

  @Get(':id/explain')
  @Endpoint({ summary: 'Why a reader got each article, or not', returns: explanationView })
  explain(@Param('id') id: string, @InputQuery(explainQuery) query: unknown) {
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
  plan(@Param('id') id: string, @InputBody(planInput) body: unknown) {
    return this.plans.plan(id, body);
  }
}
