import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { orNothing } from '#kernel/input/validate.js';
import {
  SuppressionService,
  suppressionInput,
  suppressionLift,
  type SuppressionInput,
  suppressionQuery,
  type SuppressionLift,
  type SuppressionQuery,
} from '#audience/suppression/suppression.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { suppressionView } from '../responses/audience.js';
import { pageOf } from '../responses/common.js';

@ApiController('suppressions')
export class SuppressionsController {
  constructor(private readonly suppressions: SuppressionService) {}

  @Get()
  @Endpoint({ summary: 'Addresses never to be mailed (held as hashes)', returns: pageOf(suppressionView) })
  list(@Query({ schema: suppressionQuery }) query: SuppressionQuery) {
    return this.suppressions.list(query);
  }

  @Post()
  @Endpoint({ summary: 'Suppress an address', status: 201, returns: suppressionView })
  create(@Body({ schema: suppressionInput }) body: SuppressionInput) {
    return this.suppressions.create(body);
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Let an address be mailed again; after a complaint only once it has consented anew',
    status: 204,
    problems: [404, 409],
    audits: ['reason'],
  })
  async remove(@Param('id') id: string, @Body({ schema: orNothing(suppressionLift) }) body: SuppressionLift) {
    await this.suppressions.lift(id, body);
  }
}
