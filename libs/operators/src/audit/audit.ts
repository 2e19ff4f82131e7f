import { Injectable } from '@nestjs/common';
import { Database, type Executor } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type { Caller } from '../rights/caller.js';
import { AuditRepository } from './audit.repository.js';

/** What else is noted of a deed. */
export interface AuditMore {
  /** What was changed, without secrets. */
  detail?: Record<string, unknown> | undefined;
  /** The address it came from. */
  client?: string | undefined;
}

/** Notes who changed what. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Notes, within the transaction of a change, that it was made: neither is there without the other. For endpoints that are marked as
   * `notes: 'within'`.
   */
  async noteWithin(
    tx: Executor,
    caller: Caller,
    subjectType: string,
    subjectId: string | null,
    detail?: Record<string, unknown>,
  ): Promise<void> {
    const { publicationId, keyId: actorId, name: actorName = null, call } = caller;
    const about = { action: call?.action ?? subjectType, subjectType, subjectId, detail };
    const entry = { publicationId, actorId, actorName, ...about, at: this.clock.now() };
    await this.entries.insert(tx, entry, call?.client);
  }

  /** @param action method and route pattern, such as `POST /api/v1/editions/:id/send` */
  async note(
    caller: Caller,
    action: string,
    subjectType: string,
    subjectId: string | null,
    { detail, client }: AuditMore = {},
  ): Promise<void> {
    const { publicationId, keyId: actorId, name: actorName = null } = caller;
    const at = this.clock.now();
    const entry = { publicationId, actorId, actorName, action, subjectType, subjectId, detail, at };
    await this.entries.insert(this.database.db, entry, client);
  }
}
