import { Injectable } from '@nestjs/common';
import { TransportService } from '#delivery/transports/transport.service.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { notFound } from '#kernel/errors/errors.js';
import { HOOK_PROVIDERS, type HookProviderName } from '../../hooks/hook-providers.js';
import { secretSettings } from '../../hooks/settings.js';
import type { TransportHookInput } from './hook-input.js';
import { HookSecrets } from './hook-secrets.js';
import { TransportHookRepository } from './transport-hook.repository.js';

/** The webhook of a transport, as it is shown. */
export interface TransportHookView {
  provider: HookProviderName;
  /** Where the provider is to send its events. */
  url: string;
  /** Without its secrets. */
  settings: Record<string, unknown>;
  lastEventAt: Date | null;
  lastRefusalAt: Date | null;
  /** Why a request was not believed, in words. */
  lastRefusal: string | null;
}

/** The webhooks of transports, as operators set them. What they set holds for the next request, in every process. */
@Injectable()
export class TransportHooks {
  constructor(
    private readonly repository: TransportHookRepository,
    private readonly transports: TransportService,
    private readonly secrets: HookSecrets,
    private readonly config: Config,
    private readonly clock: Clock,
  ) {}

  /** @throws DomainError `not_found` */
  async get(transportId: string): Promise<TransportHookView> {
    await this.transports.get(transportId);
    const row = await this.repository.find(transportId);
    if (!row) throw notFound('webhook');
    const { provider, sealed, lastEventAt, lastRefusalAt, lastRefusal } = row;
    return {
      provider: provider as HookProviderName,
      url: `${this.config.baseUrl.replace(/\/$/, '')}/hooks/feedback/${transportId}`,
      settings: withoutSecrets(provider as HookProviderName, this.secrets.open(transportId, sealed)),
      lastEventAt,
      lastRefusalAt,
      lastRefusal,
    };
  }

  /** Sets it, whatever there was. @throws DomainError `not_found` */
  async set(transportId: string, { provider, settings }: TransportHookInput): Promise<TransportHookView> {
    await this.transports.get(transportId);
    const sealed = this.secrets.seal(transportId, settings);
    await this.repository.put(transportId, provider, sealed, this.clock.now());
    return this.get(transportId);
  }

  /** @throws DomainError `not_found`: there is no such transport */
  async remove(transportId: string): Promise<void> {
    await this.transports.get(transportId);
    await this.repository.remove(transportId);
  }

  /** Removes what is kept of a transport that is gone. Nothing was taken for it any more. */
  async forget(transportId: string): Promise<void> {
    await this.repository.remove(transportId);
  }
}

function withoutSecrets(provider: HookProviderName, settings: Record<string, unknown>) {
  const hidden = secretSettings(HOOK_PROVIDERS[provider].settings);
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !hidden.includes(name)));
}
