import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type { Caller } from '../keys/api-key.service.js';
import { AuditRepository } from './audit.repository.js';

/** Notes who changed what. */
@Injectable()
export class AuditLog {
  constructor(
    private readonly database: Database,
    private readonly entries: AuditRepository,
    private readonly clock: Clock,
  ) {}

  /** @param action method and route pattern, such as `POST /api/v1/editions/:id/send` */
  async note(caller: Caller, action: string, subjectType: string, subjectId: string | null): Promise<void> {
    await this.entries.insert(this.database.db, {
      publicationId: caller.publicationId,
      actorId: caller.keyId,
      action,
      subjectType,
      subjectId,
      at: this.clock.now(),
    });
  }
}
