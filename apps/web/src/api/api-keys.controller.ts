import { Delete, Get, Param, Post } from '@nestjs/common';
import { pageQuery, toPage, type PageQuery } from '#kernel/input/page.js';
import { validate } from '#kernel/input/validate.js';
import {
  ApiKeyService,
  apiKeyInput,
  type ApiKeyInput,
  type Caller as ApiCaller,
} from '#operators/keys/api-key.service.js';
import { Caller } from '../http/auth.guard.js';
import { Endpoint } from '../http/endpoint.js';
import { InputBody, InputQuery } from '../http/input.js';
import { ApiController } from './api.controller.js';
import { pageOf } from './responses/common.js';
import { apiKeyView, madeApiKeyView } from './responses/publication.js';

@ApiController('api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeyService) {}

  @Get()
  @Endpoint({ summary: 'API keys', returns: pageOf(apiKeyView), role: 'owner' })
  async list(@Caller() caller: ApiCaller, @InputQuery(pageQuery) query: unknown) {
    const { limit, cursor } = validate<PageQuery>(pageQuery, query, 'query');
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
  create(@Caller() caller: ApiCaller, @InputBody(apiKeyInput) body: unknown) {
    return this.keys.create(caller.publicationId, validate<ApiKeyInput>(apiKeyInput, body));
  }

  @Delete(':id')
  @Endpoint({ summary: 'Revoke an API key', status: 204, role: 'owner' })
  async revoke(@Param('id') id: string) {
    await this.keys.revoke(id);
  }
}
