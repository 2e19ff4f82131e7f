import { ReturnsModule } from '#delivery/returns/returns.module.js';
import { Module } from '@nestjs/common';
import { TransportsModule } from '#delivery/transports/transports.module.js';
import { ActingModule } from '../../acting/acting.module.js';
import { ProviderSite } from './fetch-text.js';
import { HookEvents } from './hook-events.js';
import { HookIntake } from './hook-intake.js';
import { HookSecrets } from './hook-secrets.js';
import { TransportHookRepository } from './transport-hook.repository.js';
import { TransportHooks } from './transport-hook.service.js';

/** What providers tell by webhook. */
@Module({
  imports: [ActingModule, TransportsModule, ReturnsModule],
  providers: [HookEvents, HookIntake, HookSecrets, ProviderSite, TransportHookRepository, TransportHooks],
  exports: [HookIntake, TransportHooks],
})
export class HooksModule {}
