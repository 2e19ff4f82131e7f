import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import { scrub } from '#kernel/observing/scrub.js';
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

  /**
   * @param action method and route pattern, such as `POST /api/v1/editions/:id/send`
   * @param detail what was given with it; addresses are taken out
   */
  async note(
    caller: Caller,
    action: string,
    subjectType: string,
    subjectId: string | null,
    detail: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.entries.insert(this.database.db, {
      publicationId: caller.publicationId,
      actorId: caller.keyId,
      action,
      subjectType,
      subjectId,
      detail: Object.fromEntries(Object.entries(detail).map(([name, text]) => [name, scrub(text)])),
      at: this.clock.now(),
    });
  }
}
