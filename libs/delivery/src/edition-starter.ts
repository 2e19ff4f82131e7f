import { Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import { Database } from '#database/database.js';
import type { PreparedEdition } from '#digest/edition-content.service.js';
import { Clock } from '#kernel/clock.js';
import { Log } from '#kernel/logger.js';
import { JobQueue } from '#queue/job-queue.js';
import { DeliveryRepository } from './delivery.repository.js';
import { FreezeRepository } from './freeze.repository.js';

/** Freezes a prepared edition and sets its batches going. */
@Injectable()
export class EditionStarter {
  constructor(
    private readonly freezer: FreezeRepository,
    private readonly deliveries: DeliveryRepository,
    private readonly database: Database,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async start(prepared: PreparedEdition): Promise<void> {
    const { editionId } = prepared;
    const frozen = await this.freezer.freeze({ ...prepared, now: this.clock.now() });
    if (!frozen) return; // cancelled meanwhile, or another worker was first
    this.log.info('edition frozen', { edition: editionId, ...frozen });
    if (frozen.recipients === 0) await this.deliveries.finishEdition(editionId, this.clock.now());
    // A queue that is down takes none of them; the tick enqueues what is due.
    const batches = Array.from({ length: frozen.batches }, (_, batch) => ({ editionId, batch }));
    await this.queue.enqueueAll('edition.deliver', batches);
  }

  /** Fails an edition that cannot be prepared, with the reason for the operator. */
  async fail(editionId: string, reason: string): Promise<void> {
    await this.database.db.execute(sql`
      UPDATE edition SET status = 'failed', status_reason = ${reason}, updated_at = ${this.clock.now().toISOString()}::timestamptz
      WHERE id = ${editionId} AND status = 'preparing'`);
  }
}
