import { Get, Param, Post, Query } from '@nestjs/common';
import { slotQuery, type SlotQuery } from '#digest/operator/slot.schemas.js';
import { SlotService } from '#digest/operator/slot.service.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { slotView } from '../responses/digests.js';

@ApiController('slots')
export class SlotsController {
  constructor(private readonly slots: SlotService) {}

  @Get()
  @Endpoint({ summary: 'Times at which digests were due, newest first', returns: pageOf(slotView) })
  list(@Query({ schema: slotQuery }) query: SlotQuery) {
    return this.slots.list(query);
  }

  @Get(':id')
  @Endpoint({ summary: 'A slot', returns: slotView })
  get(@Param('id') id: string) {
    return this.slots.get(id);
  }

  @Post(':id/send')
  @Endpoint({
    summary: 'Fire a slot that is held: its readers get it now, those whose hour is to come then',
    status: 202,
    returns: slotView,
    problems: [409],
  })
  send(@Param('id') id: string) {
    return this.slots.send(id);
  }

  @Post(':id/skip')
  @Endpoint({ summary: 'Drop a slot that is held or open', returns: slotView, problems: [409] })
  skip(@Param('id') id: string) {
    return this.slots.skip(id);
  }
}
