import { Body, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { pageQuery, toPage, type PageQuery } from '#kernel/input/page.js';
import {
  ApiKeyService,
  apiKeyInput,
  type ApiKeyInput,
  type Caller as ApiCaller,
} from '#operators/keys/api-key.service.js';
import { Caller } from '../http/auth.guard.js';
import { Endpoint } from '../http/endpoint.js';
import { ApiController } from './api.controller.js';
import { pageOf } from './responses/common.js';
import { apiKeyView, madeApiKeyView } from './responses/publication.js';

@ApiController('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Endpoint({ summary: 'API keys', returns: pageOf(apiKeyView), role: 'owner' })
  async list(@Caller() caller: ApiCaller, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery) {
    return toPage(await this.keys.list(caller.publicationId, limit + 1, cursor), limit);
  }

  @Post()
  @Endpoint({
    summary: 'Make an API key; its text is shown this once',
    status: 201,
    returns: madeApiKeyView,
    shownOnce: 'key',
    role: 'owner',
  })
  create(@Caller() caller: ApiCaller, @Body({ schema: apiKeyInput }) body: ApiKeyInput) {
    return this.keys.create(caller.publicationId, body);
  }

  @Delete(':id')
  @Endpoint({ summary: 'Revoke an API key', status: 204, role: 'owner' })
  async revoke(@Param('id') id: string) {
    await this.keys.revoke(id);
  }
}
