import { Get, Query } from '@nestjs/common';
import { CalendarService } from '#digest/operator/calendar.service.js';
import { calendarQuery, type CalendarQuery } from '#digest/operator/slot.schemas.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { calendarView } from '../responses/digests.js';

@ApiController('calendar')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  @Get()
  @Endpoint({ summary: 'When digests went out and will', returns: calendarView })
  list(@Query({ schema: calendarQuery }) query: CalendarQuery) {
    return this.calendar.list(query);
  }
}
