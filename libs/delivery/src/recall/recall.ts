import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { RecallRepository } from '#digest/recall/recall.repository.js';
import { Clock } from '#kernel/clock.js';
import { RecalledRowsRepository } from './recalled-rows.repository.js';

/**
 * Sees to it that nothing is begun with an article that was taken back since the edition was frozen. What waits is looked
 * at when it is about to be claimed, and not all of it at once: an embargo may have ended by then.
 */
@Injectable()
export class Recall {
  constructor(
    private readonly database: Database,
    private readonly recalled: RecallRepository,
    private readonly rows: RecalledRowsRepository,
    private readonly clock: Clock,
  ) {}

  /** Before rows of a batch are claimed. */
  async run(editionId: string, batch: number): Promise<void> {
    const { db } = this.database;
    for (const { wave, kept } of await this.recalled.recalledWaves(db, editionId, this.clock.now())) {
      await this.rows.cut({ editionId, wave, batch }, kept);
    }
  }
}
