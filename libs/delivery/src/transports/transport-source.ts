import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { PublicationService } from '#audience/publication.service.js';
import { Database } from '#database/database.js';
import { Config } from '#kernel/config.js';
import { newId } from '#kernel/ids.js';
import { rowsOf } from '../freeze.repository.js';
import { parseSmtpUrl } from '../smtp-options.js';
import type { TransportSettings } from './transport-settings.js';

/** Stand-in: the environment's transport only. */
@Injectable()
export class TransportSource {
  private id: string | undefined;

  constructor(
    private readonly database: Database,
    private readonly config: Config,
    private readonly publications: PublicationService,
  ) {}

  async ensureDefault(): Promise<void> {
    if (!this.config.smtp.url) return;
    const options = parseSmtpUrl(this.config.smtp.url);
    const { id: publicationId } = await this.publications.current();
    await this.database.db.execute(sql`
      INSERT INTO transport (id, publication_id, name, origin, host, port, security, connections)
      VALUES (${newId()}::uuid, ${publicationId}::uuid, 'default', 'environment', ${options.host}, ${options.port}, 'none', ${this.config.smtp.connections})
      ON CONFLICT DO NOTHING`);
    const rows = rowsOf<{ id: string }>(
      await this.database.db.execute(
        sql`SELECT id FROM transport WHERE name = 'default' AND publication_id = ${publicationId}::uuid`,
      ),
    );
    this.id = rows[0]?.id;
  }

  async enabled(): Promise<TransportSettings[]> {
    if (!this.config.smtp.url) return [];
    if (!this.id) await this.ensureDefault();
    return [
      {
        ...{ id: this.id as string, name: 'default', origin: 'environment', weight: 1, version: '1' },
        connections: this.config.smtp.connections,
        options: parseSmtpUrl(this.config.smtp.url),
        limits: { perSecond: null, perHour: null, perDay: null, warmUp: null },
        ...{ domainRules: null, dkim: [], restingUntil: null },
      },
    ];
  }

  noteFailure(_id: string, _reason: string, _restingUntil: Date): Promise<void> {
    return Promise.resolve();
  }
  noteRecovery(_id: string): Promise<void> {
    return Promise.resolve();
  }
}
