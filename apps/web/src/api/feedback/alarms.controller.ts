import { Get, Param, Post, Query } from '@nestjs/common';
import { alarmQuery, type AlarmQuery } from '#feedback/alarms/alarm-view.js';
import { Alarms } from '#feedback/alarms/alarms.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { alarmView } from '../responses/alarms.js';
import { pageOf } from '../responses/common.js';

@ApiController('alarms')
export class AlarmsController {
  constructor(private readonly alarms: Alarms) {}

  @Get()
  @Endpoint({ summary: 'What operators are to look at, newest first', returns: pageOf(alarmView) })
  list(@Query({ schema: alarmQuery }) query: AlarmQuery) {
    return this.alarms.list(query);
  }

  @Post(':id/seen')
  @Endpoint({ summary: 'Note that somebody has seen it; once is enough', returns: alarmView })
  seen(@Param('id') id: string, @Caller() { name }: ApiCaller) {
    return this.alarms.seen(id, name);
  }
}
