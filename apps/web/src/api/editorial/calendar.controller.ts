import { Get } from '@nestjs/common';
import { CalendarService } from '#digest/operator/calendar.service.js';
import { calendarQuery } from '#digest/operator/slot.schemas.js';
import { Endpoint } from '../../http/endpoint.js';
import { InputQuery } from '../../http/input.js';
import { ApiController } from '../api.controller.js';
import { calendarView } from '../responses/digests.js';

@ApiController('calendar')
export class CalendarController {
  constructor(private readonly calendar: CalendarService) {}

  @Get()
  @Endpoint({ summary: 'When digests went out and will', returns: calendarView })
  list(@InputQuery(calendarQuery) query: unknown) {
    return this.calendar.list(query);
  }
}
