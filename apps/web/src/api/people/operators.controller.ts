import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { pageQuery, toPage, type PageQuery } from '#kernel/input/page.js';
import { LinkAccess } from '#operators/accounts/link-access.service.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import {
  invitationInput,
  type InvitationInput,
  operatorInput,
  type OperatorInput,
  operatorPatch,
  type OperatorPatch,
} from '#operators/team/team.schemas.js';
import { TeamService } from '#operators/team/team.service.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { operatorView, resetLinkView } from '../responses/people.js';

@ApiController('operators')
export class OperatorsController {
  constructor(
    private readonly team: TeamService,
    private readonly links: LinkAccess,
    private readonly publications: PublicationService,
  ) {}

  @Get()
  @Endpoint({ summary: 'Operators, the oldest first', returns: pageOf(operatorView) })
  async list(@Caller() { publicationId }: ApiCaller, @Query({ schema: pageQuery }) query: PageQuery) {
    return toPage(await this.team.list(publicationId, query), query.limit);
  }

  @Post()
  @Endpoint({
    summary: 'Make an operator with a first password; an invitation needs none',
    status: 201,
    returns: operatorView,
    notes: 'within',
    problems: [403, 409],
  })
  create(@Caller() caller: ApiCaller, @Body({ schema: operatorInput }) body: OperatorInput) {
    return this.team.create(caller, body);
  }

  @Get(':id')
  @Endpoint({ summary: 'An operator', returns: operatorView })
  get(@Caller() { publicationId }: ApiCaller, @Param('id') id: string) {
    return this.team.get(publicationId, id);
  }

  @Patch(':id')
  @Endpoint({
    summary: 'Change an operator; another role or status ends their sessions',
    returns: operatorView,
    notes: 'within',
    problems: [403, 409],
  })
  patch(
    @Caller() caller: ApiCaller,
    @Param('id') id: string,
    @Body({ schema: operatorPatch }) body: OperatorPatch,
  ) {
    return this.team.patch(caller, id, body);
  }

  @Delete(':id')
  @Endpoint({
    summary: 'Remove an operator; the last owner stays',
    status: 204,
    notes: 'within',
    problems: [403, 409],
  })
  async remove(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.team.remove(caller, id);
  }

  @Post(':id/reset-link')
  @Endpoint({
    summary: 'Make a link for a new password, to be handed over; it works for an hour',
    status: 201,
    returns: resetLinkView,
    shownOnce: ['url'],
    notes: 'within',
    problems: [403, 409],
  })
  async resetLink(@Caller() caller: ApiCaller, @Param('id') id: string) {
    const row = await this.team.changeable(caller, id);
    return this.links.resetLink(row, (await this.publications.current()).baseUrl, caller);
  }

  @Delete(':id/second-factors')
  @Endpoint({
    summary: 'Remove the authenticator app and the passkeys of who has lost them',
    status: 204,
    notes: 'within',
    problems: [403],
  })
  async removeSecondFactors(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.team.removeSecondFactors(caller, id);
  }
}

@ApiController('invitations')
export class InvitationsController {
  constructor(private readonly team: TeamService) {}

  @Post()
  @Endpoint({
    summary: 'Invite somebody by mail, or once more who has not accepted; the link works for seven days',
    status: 201,
    returns: operatorView,
    notes: 'within',
    problems: [403, 409],
  })
  invite(@Caller() caller: ApiCaller, @Body({ schema: invitationInput }) body: InvitationInput) {
    return this.team.invite(caller, body);
  }
}
