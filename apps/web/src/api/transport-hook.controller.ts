import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { transportHookInput, type TransportHookInput } from '#feedback/intake/hooks/hook-input.js';
import { TransportHooks } from '#feedback/intake/hooks/transport-hook.service.js';
import { Endpoint } from '../http/endpoint.js';
import { ApiController } from './api.controller.js';
import { transportHookView } from './responses/transports.js';

/** How the webhook of a transport's provider is believed. Changing it is an owner's: whoever may, can have readers suppressed. */
@ApiController('transports/:id/hook')
export class TransportHookController {
  constructor(private readonly hooks: TransportHooks) {}

  @Get()
  @Endpoint({ summary: "The webhook of a transport's provider", returns: transportHookView })
  hook(@Param('id') id: string) {
    return this.hooks.get(id);
  }

  @Put()
  @Endpoint({
    summary: "Set the webhook of a transport's provider; it holds at once",
    returns: transportHookView,
  })
  setHook(@Param('id') id: string, @Body({ schema: transportHookInput }) body: TransportHookInput) {
    return this.hooks.set(id, body);
  }

  @Delete()
  @Endpoint({ summary: 'Take no more events of this transport', status: 204 })
  async removeHook(@Param('id') id: string) {
    await this.hooks.remove(id);
  }
}
