import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { PublicationService } from '#audience/publication/publication.service.js';
import { TransportSource } from '#delivery/transports/transport-settings.js';
import { Config } from '#kernel/config/config.js';
import { Log } from '#kernel/observing/logger.js';
import { keptSecret } from '#kernel/config/secret-file.js';
import { ApiKeyService } from '#operators/keys/api-key.service.js';
import { FirstRun } from '#operators/first-run/first-run.service.js';
import { OperatorService } from '#operators/accounts/operator.service.js';

/** Makes what a new installation lacks: its publication, its first owner and the owner's key. */
@Injectable()
export class Boot implements OnApplicationBootstrap {
  constructor(
    private readonly publications: PublicationService,
    private readonly keys: ApiKeyService,
    private readonly operators: OperatorService,
    private readonly firstRun: FirstRun,
    private readonly transports: TransportSource,
    private readonly config: Config,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { id, baseUrl } = await this.publications.ensure();
    // BASE_URL wins at every start; unset, the default follows the port.
    const follows = this.config.baseUrlGiven || /^http:\/\/localhost(:\d+)?$/.test(baseUrl);
    if (follows && baseUrl !== this.config.baseUrl) await this.publications.moveTo(this.config.baseUrl);
    const { apiKey, email, password } = this.config.operator;
    if (this.config.baseUrlGiven && !isLocal(this.config.baseUrl) && !(await this.transports.hasWayOut())) {
      this.log.warn(
        'no mail server is set: all mail stays in /mailbox, for operators; set SMTP_URL or make a transport',
      );
    }
    if (email && password) await this.operators.ensureFirstOwner(id, email, password);
    if (apiKey) await this.keys.ensureFromEnvironment(id, apiKey);
    else if (!this.config.database.url)
      await this.keys.ensureFromEnvironment(id, localKey(this.config.dataDir));
  }

  /** Where the first owner is made; null: there is an operator, or an owner's key in the environment. Each call makes a new link, and ends the one before. */
  async firstRunLink(): Promise<string | null> {
    const { id } = await this.publications.current();
    return this.firstRun.makeLink(id, this.config.baseUrl, this.config.operator.apiKey === null);
  }
}

/** Whether a URL is one of this very machine's. */
function isLocal(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname);
}

/** The owner's key of an embedded installation, kept in its data folder; the CLI on the same machine finds it there. */
export function localKey(dataDir: string): string {
  return keptSecret(dataDir, 'operator-key', () => `bs_${randomBytes(24).toString('base64url')}`);
}
