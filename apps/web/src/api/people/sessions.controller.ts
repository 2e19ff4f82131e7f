import { Delete, Get, Param, Query } from '@nestjs/common';
import { pageQuery, toPage, type PageQuery } from '#kernel/input/page.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { SessionService } from '#operators/sessions/session.service.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { sessionView } from '../responses/people.js';

@ApiController('sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionService) {}

  @Get()
  @Endpoint({
    summary: "Sessions that are open, the newest first: one's own; an owner sees everybody's",
    returns: pageOf(sessionView),
  })
  async list(@Caller() caller: ApiCaller, @Query({ schema: pageQuery }) query: PageQuery) {
    return toPage(await this.sessions.list(caller, query), query.limit);
  }

  @Delete(':id')
  @Endpoint({ summary: 'End a session', status: 204 })
  async end(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.sessions.endOne(caller, id);
  }
}
