import { Injectable } from '@nestjs/common';
import { PublicationService } from '#audience/publication/publication.service.js';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { Config } from '#kernel/config/config.js';
import { newId } from '#kernel/ids.js';
import { Log } from '#kernel/observing/logger.js';
import { parseSmtpUrl } from '../smtp/smtp-options.js';
import { placeOf } from './transport-connection.js';
import { nextVersion } from './transport-version.js';
import { TransportRepository, type NewTransport, type TransportRow } from './transport.repository.js';

/** The name of the transport that SMTP_URL makes; no other may have it. */
export const ENVIRONMENT_NAME = 'default';
/** Its host while SMTP_URL is unset. Tells what was disabled for that from what an operator disabled. */
export const NO_HOST = '';

/** Keeps the row of the transport that SMTP_URL makes. Its password stays in the environment. */
@Injectable()
export class EnvironmentTransport {
  constructor(
    private readonly database: Database,
    private readonly repository: TransportRepository,
    private readonly publications: PublicationService,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Makes the row say what SMTP_URL says. Unset, it disables the row and keeps it for its limits and DKIM keys; set
   * again, it enables it again. Safe to run in many workers at once.
   */
  async ensure(): Promise<void> {
    const { id: publicationId } = await this.publications.current();
    await this.database.transaction(async (tx) => {
      const row = await this.repository.lockEnvironments(tx, publicationId);
      if (this.config.smtp.url === null) await this.disable(tx, row);
      else await this.follow(tx, publicationId, row, this.config.smtp.url);
    });
  }

  private async disable(tx: Executor, row: TransportRow | undefined): Promise<void> {
    if (!row || row.host === NO_HOST) return;
    const changes = { host: NO_HOST, enabled: false, restingUntil: null };
    await this.repository.update(tx, row.id, { ...changes, updatedAt: nextVersion(row, this.clock) });
  }

  private async follow(
    tx: Executor,
    publicationId: string,
    row: TransportRow | undefined,
    url: string,
  ): Promise<void> {
    const options = parseSmtpUrl(url);
    const now = this.clock.now();
    const shown = {
      ...placeOf(options),
      authMethod: options.auth?.method ?? 'none',
      username: options.auth?.user ?? null,
      connections: this.config.smtp.connections,
    } satisfies Partial<NewTransport>;
    if (!row) {
      const made = { id: newId(), publicationId, name: ENVIRONMENT_NAME, origin: 'environment' as const };
      const isMade = await this.repository.insert(tx, { ...made, ...shown, createdAt: now, updatedAt: now });
      // Another worker that starts now has made it; or an operator's has the name, from before it was ours alone.
      if (!isMade) this.log.debug('the transport of SMTP_URL was not made: the name is taken');
      return;
    }
    const back = row.host === NO_HOST ? { enabled: true } : {};
    const isChanged = (Object.keys(shown) as (keyof typeof shown)[]).some(
      (name) => row[name] !== shown[name],
    );
    if (!isChanged) return;
    const fresh = { restingUntil: null, lastError: null, lastErrorAt: null };
    const updatedAt = nextVersion(row, this.clock);
    await this.repository.update(tx, row.id, { ...shown, ...back, ...fresh, updatedAt });
  }
}
