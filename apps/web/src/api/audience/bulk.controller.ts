import { Body, Get, Param, Post, Query } from '@nestjs/common';
import { bulkInput, type BulkInput, bulkQuery } from '#audience/bulk/bulk.schemas.js';
import { BulkService } from '#audience/bulk/bulk.service.js';
import type { PageQuery } from '#kernel/input/page.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { bulkView } from '../responses/bulk.js';
import { pageOf } from '../responses/common.js';

@ApiController('subscribers/bulk')
export class BulkController {
  constructor(private readonly bulks: BulkService) {}

  @Get()
  @Endpoint({ summary: 'What was done to many subscribers at once, newest first', returns: pageOf(bulkView) })
  bulkList(@Query({ schema: bulkQuery }) query: PageQuery) {
    return this.bulks.list(query);
  }

  @Get(':id')
  @Endpoint({ summary: 'One of it, and how far it is', returns: bulkView })
  bulk(@Param('id') id: string) {
    return this.bulks.get(id);
  }

  @Post()
  @Endpoint({
    summary: 'Do something to many subscribers at once; `dryRun` counts them',
    status: 202,
    returns: bulkView,
    problems: [409],
  })
  startBulk(@Caller() { name, keyId }: ApiCaller, @Body({ schema: bulkInput }) body: BulkInput) {
    return this.bulks.start(body, name ?? keyId);
  }

  @Post(':id/undo')
  @Endpoint({
    summary: 'Call it off while it waits, or take back what was done; to unsubscribe can only be stopped',
    returns: bulkView,
    problems: [409],
  })
  undoBulk(@Param('id') id: string) {
    return this.bulks.undo(id);
  }
}
