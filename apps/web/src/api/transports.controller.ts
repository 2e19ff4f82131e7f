import { Body, Delete, Get, Param, Patch, Post, Query } from '@nestjs/common';
import { TransportDkim } from '#delivery/transports/transport-dkim.service.js';
import { TransportTester } from '#delivery/transports/transport-test.service.js';
import {
  dkimInput,
  type DkimInput,
  transportInput,
  type TransportInput,
  transportPatch,
  type TransportPatch,
  transportTestInput,
  type TransportTestInput,
} from '#delivery/transports/transport.schemas.js';
import { TransportService } from '#delivery/transports/transport.service.js';
import { TransportHooks } from '#feedback/intake/hooks/transport-hook.service.js';
import { pageQuery, type PageQuery } from '#kernel/input/page.js';
import { orNothing } from '#kernel/input/validate.js';
import { Endpoint } from '../http/endpoint.js';
import { ApiController } from './api.controller.js';
import { pageOf } from './responses/common.js';
import { dkimKeyView, madeDkimKeys, transportTestView, transportView } from './responses/transports.js';

/**
 * SMTP accounts. Changing them is an owner's: whoever may, leads every reader's mail wherever they like, and has this
 * server connect to any host.
 */
@ApiController('transports')
export class TransportsController {
  constructor(
    private readonly transports: TransportService,
    private readonly tester: TransportTester,
    private readonly dkim: TransportDkim,
    private readonly hooks: TransportHooks,
  ) {}

  @Get()
  @Endpoint({ summary: 'Transports: SMTP accounts', returns: pageOf(transportView) })
  list(@Query({ schema: pageQuery }) query: PageQuery) {
    return this.transports.list(query);
  }

  @Post()
  @Endpoint({
    summary: 'Make a transport',
    status: 201,
    returns: transportView,
    problems: [409],
  })
  create(@Body({ schema: transportInput }) body: TransportInput) {
    return this.transports.create(body);
  }

  @Get(':id')
  @Endpoint({ summary: 'A transport, what it has sent and what is wrong with it', returns: transportView })
  get(@Param('id') id: string) {
    return this.transports.get(id);
  }

  @Patch(':id')
  @Endpoint({ summary: 'Change a transport', returns: transportView, problems: [409] })
  patch(@Param('id') id: string, @Body({ schema: transportPatch }) body: TransportPatch) {
    return this.transports.patch(id, body);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Remove a transport', status: 204, problems: [409] })
  async remove(@Param('id') id: string) {
    await this.transports.remove(id);
    await this.hooks.forget(id);
  }

  @Post(':id/test')
  @Endpoint({
    summary: 'Connect, sign in and, with `to`, send one small mail; takes at most 20 s',
    returns: transportTestView,
  })
  test(@Param('id') id: string, @Body({ schema: orNothing(transportTestInput) }) body: TransportTestInput) {
    return this.tester.test(id, body);
  }

  @Get(':id/dkim')
  @Endpoint({ summary: 'DKIM keys and their DNS records', returns: pageOf(dkimKeyView) })
  async keys(@Param('id') id: string) {
    return { data: await this.dkim.list(id), nextCursor: null };
  }

  @Post(':id/dkim')
  @Endpoint({
    summary: 'Make a DKIM key, or one of each kind; answers with what belongs into DNS',
    status: 201,
    returns: madeDkimKeys,
    problems: [409],
  })
  async addKeys(@Param('id') id: string, @Body({ schema: dkimInput }) body: DkimInput) {
    return { data: await this.dkim.add(id, body) };
  }

  @Delete(':id/dkim/:selector')
  @Endpoint({ summary: 'Remove a DKIM key', status: 204 })
  async removeKey(@Param('id') id: string, @Param('selector') selector: string) {
    await this.dkim.remove(id, selector);
  }
}
