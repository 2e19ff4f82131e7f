import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { notFound } from '#kernel/errors/errors.js';
import { isId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { HOOK_PROVIDER_NAMES, HOOK_PROVIDERS, type HookProviderName } from '../../hooks/hook-providers.js';
import { refused, type HookReading, type HookRequest } from '../../hooks/hook.js';
import { rememberCertificates } from '../../hooks/proof/certificates.js';
import { ProviderSite } from './fetch-text.js';
import { HookEvents } from './hook-events.js';
import { HookSecrets } from './hook-secrets.js';
import { refusalError } from './refusals.js';
import { TransportHookRepository } from './transport-hook.repository.js';

/** The longest body that any provider sends, bytes. */
export const LONGEST_HOOK_BODY = Math.max(...Object.values(HOOK_PROVIDERS).map(({ maxBytes }) => maxBytes));

/** A transport's webhook, ready to read with. */
export interface KnownHook {
  transportId: string;
  publicationId: string;
  provider: HookProviderName;
  settings: Record<string, unknown>;
  /** The longest body that its provider sends, bytes. */
  maxBytes: number;
}

/** The one way in for what providers tell by webhook: verified, read, acted on and noted. */
@Injectable()
export class HookIntake {
  private readonly fetchCertificate = rememberCertificates((url) => this.site.text(url));

  constructor(
    private readonly hooks: TransportHookRepository,
    private readonly secrets: HookSecrets,
    private readonly events: HookEvents,
    private readonly site: ProviderSite,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @throws DomainError `not_found`: there is no such transport, or no webhook of it */
  async find(transportId: string): Promise<KnownHook> {
    const row = isId(transportId) ? await this.hooks.find(transportId) : undefined;
    const provider = HOOK_PROVIDER_NAMES.find((name) => name === row?.provider);
    if (!row || !provider) throw notFound('webhook');
    const settings = this.secrets.open(transportId, row.sealed);
    const { publicationId } = row;
    return {
      transportId: row.transportId,
      publicationId,
      provider,
      settings,
      maxBytes: HOOK_PROVIDERS[provider].maxBytes,
    };
  }

  /**
   * Takes a request. When it returns, all that follows is committed, now or when it came first.
   * @throws DomainError when it is not believed: `unauthorized`, `forbidden`, `malformed`, `not_acceptable`; `unavailable` when the
   *   provider could not be asked for what proves it
   */
  async take(hook: KnownHook, request: Omit<HookRequest, 'now'>): Promise<void> {
    const { provider, settings, transportId } = hook;
    const now = this.clock.now();
    const reading = await HOOK_PROVIDERS[provider].read({ ...request, now }, settings, this.fetchCertificate);
    if (reading.is === 'events') await this.events.take(hook, reading);
    const refusal = reading.is === 'subscription' ? await this.confirm(reading.confirmUrl) : reading;
    if (refusal?.is === 'refused') {
      const { reason, detail } = refusal;
      if (await this.hooks.noteRefusal(transportId, detail, now))
        this.log.warn('a webhook was refused', { transportId, provider, reason, detail });
      throw refusalError(provider, refusal);
    }
    await this.hooks.noteEvent(transportId, now);
  }

  /** @returns why not */
  private async confirm(url: string): Promise<(HookReading & { is: 'refused' }) | null> {
    try {
      await this.site.text(url);
      return null;
    } catch {
      return refused('certificate', 'The subscription could not be confirmed at the provider’s.');
    }
  }
}
