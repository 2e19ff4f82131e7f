import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import type { DomainRule, TRANSPORT_SECURITY, WarmUp } from '#database/schema/index.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import type { DkimKey } from '../dkim/dkim-signer.js';
import { parseSmtpUrl, type SmtpOptions } from '../smtp/smtp-options.js';
import { EnvironmentTransport } from './environment-transport.js';
import { smtpAuth, smtpOptions } from './transport-connection.js';
import { TransportSecrets, withoutSecrets } from './transport-secrets.js';
import { TransportRepository, type TransportRow } from './transport.repository.js';

/** What a sender needs of one transport: decrypted, checked. */
export interface TransportSettings {
  id: string;
  name: string;
  origin: 'environment' | 'operator';
  /** Its share of the mail among the usable ones; 0: only when no other is usable. */
  weight: number;
  /** SMTP connections of one worker process. */
  connections: number;
  options: SmtpOptions;
  /** Messages, of all workers together; null: no limit. */
  limits: {
    perSecond: number | null;
    perHour: number | null;
    perDay: number | null;
    warmUp: WarmUp | null;
  };
  /** null: the defaults for the big mailbox providers. */
  domainRules: DomainRule[] | null;
  dkim: DkimKey[];
  restingUntil: Date | null;
  /** Changes whenever a setting does, and not when it fails, rests or recovers. */
  version: string;
}

/** What is seen of a transport from outside: nothing of it is secret. */
export interface TransportOutside {
  name: string;
  host: string;
  security: (typeof TRANSPORT_SECURITY)[number];
  dkim: { domain: string; selector: string; publicKey: string }[];
}

/** The transports as senders see them. */
@Injectable()
export class TransportSource {
  /** What was opened already, by transport; null: it cannot be, which was said. */
  private readonly opened = new Map<string, { version: string; settings: TransportSettings | null }>();
  private publicationId: string | undefined;

  constructor(
    private readonly repository: TransportRepository,
    private readonly publications: PublicationService,
    private readonly environment: EnvironmentTransport,
    private readonly secrets: TransportSecrets,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * The transports to send by, resting ones too. One SELECT, so it may be asked every few seconds. One whose secrets
   * cannot be opened is left out; the log and its `lastError` say so.
   */
  async enabled(): Promise<TransportSettings[]> {
    this.publicationId ??= (await this.publications.current()).id; // there is one, and it keeps its id
    const rows = await this.repository.enabled(this.publicationId);
    const present = new Set(rows.map(({ id }) => id));
    for (const id of this.opened.keys()) if (!present.has(id)) this.opened.delete(id);
    const settings: TransportSettings[] = [];
    for (const row of rows) {
      const known = await this.open(row);
      if (known) settings.push({ ...known, restingUntil: row.restingUntil });
    }
    return settings;
  }

  /**
   * Whether mail may leave this installation at all: by SMTP_URL, or by any transport, also by one that cannot be used at present; mail
   * that none of them may carry waits. If not, it is kept in the built-in mailbox.
   */
  async hasWayOut(): Promise<boolean> {
    if (this.config.smtp.url !== null) return true;
    this.publicationId ??= (await this.publications.current()).id;
    return this.repository.areAny(this.publicationId);
  }

  /** The same transports as receivers see them. Opens no secret. */
  async outsides(): Promise<TransportOutside[]> {
    this.publicationId ??= (await this.publications.current()).id;
    return (await this.repository.enabled(this.publicationId)).map(({ name, host, security, dkim }) => ({
      name,
      host,
      security,
      dkim: dkim.map(({ domain, selector, publicKey }) => ({ domain, selector, publicKey })),
    }));
  }

  /** Notes why a transport failed, without addresses and secrets, and until when it is left alone. */
  async noteFailure(id: string, reason: string, restingUntil: Date | null): Promise<void> {
    const auth = this.opened.get(id)?.settings?.options.auth ?? null;
    await this.repository.noteFailure(id, withoutSecrets(reason, auth), restingUntil, this.clock.now());
  }

  /** Notes that a transport works. */
  async noteRecovery(id: string): Promise<void> {
    await this.repository.noteRecovery(id);
  }

  /** Sees to it that the transport of SMTP_URL is there, or disabled while SMTP_URL is unset. For the worker's start. */
  async ensureDefault(): Promise<void> {
    await this.environment.ensure();
  }

  private async open(row: TransportRow): Promise<TransportSettings | null> {
    const version = row.updatedAt.toISOString();
    const known = this.opened.get(row.id);
    if (known?.version === version) return known.settings;
    try {
      const settings = this.settingsOf(row, version);
      this.opened.set(row.id, { version, settings });
      return settings;
    } catch (error) {
      this.opened.set(row.id, { version, settings: null });
      const reason = (error as Error).message;
      this.log.warn('a transport is left out: it cannot be opened', { transport: row.name, reason });
      const told = `It cannot be opened: ${reason}`;
      await this.repository.noteFailure(row.id, withoutSecrets(told, null), null, this.clock.now());
      return null;
    }
  }

  /** @returns null when this process does not know SMTP_URL. @throws Error when a secret cannot be opened */
  settingsOf(row: TransportRow, version = row.updatedAt.toISOString()): TransportSettings | null {
    const isOurs = row.origin === 'environment';
    const options = isOurs ? this.environmentOptions() : this.operatorOptions(row);
    if (!options) return null;
    const { id, name, origin, weight, perSecond, perHour, perDay, warmUp, domainRules, restingUntil } = row;
    return {
      id,
      name,
      origin,
      weight,
      options,
      domainRules,
      restingUntil,
      version,
      connections: isOurs ? this.config.smtp.connections : row.connections,
      limits: { perSecond, perHour, perDay, warmUp },
      dkim: row.dkim.map((key) => ({
        domain: key.domain,
        selector: key.selector,
        algorithm: key.algorithm,
        privateKey: this.secrets.openDkim(id, key),
      })),
    };
  }

  private environmentOptions(): SmtpOptions | null {
    const { url } = this.config.smtp;
    return url === null ? null : parseSmtpUrl(url);
  }

  private operatorOptions(row: TransportRow): SmtpOptions {
    const secret = row.sealedSecret && this.secrets.open(row.id, row.sealedSecret);
    if (row.authMethod !== 'none' && !secret) throw new Error('its secret is missing');
    return smtpOptions(row, smtpAuth(row, secret));
  }
}
