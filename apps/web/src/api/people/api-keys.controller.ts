import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { pageQuery, toPage, type PageQuery } from '#kernel/input/page.js';
import { apiKeyInput, type ApiKeyInput } from '#operators/keys/api-key.schemas.js';
import { ApiKeyService } from '#operators/keys/api-key.service.js';
import type { Caller as ApiCaller } from '#operators/rights/caller.js';
import { Caller } from '../../http/auth.guard.js';
import { Endpoint } from '../../http/endpoint.js';
import { ApiController } from '../api.controller.js';
import { pageOf } from '../responses/common.js';
import { apiKeyView, madeApiKeyView } from '../responses/publication.js';

@ApiController('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Endpoint({ summary: 'API keys', returns: pageOf(apiKeyView) })
  async list(@Caller() caller: ApiCaller, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery) {
    return toPage(await this.keys.list(caller.publicationId, limit + 1, cursor), limit);
  }

  @Post()
  @Endpoint({
    summary: 'Make an API key; its text is shown this once',
    status: 201,
    returns: madeApiKeyView,
    shownOnce: ['key'],
    notes: 'within',
  })
  create(@Caller() caller: ApiCaller, @Body({ schema: apiKeyInput }) body: ApiKeyInput) {
    return this.keys.create(caller, body);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Revoke an API key', status: 204, notes: 'within', problems: [403] })
  async revoke(@Caller() caller: ApiCaller, @Param('id') id: string) {
    await this.keys.revoke(caller, id);
  }
}
