import { Injectable } from '@nestjs/common';
import { Clock } from '#kernel/clock.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { UNDO_MS } from './bulk-task.js';
import { BulkRepository } from './bulk.repository.js';

/** Forgotten by one tick; what is left is in the next. */
const FORGOTTEN = 10_000;

/** Finds again what a queue has lost or a killed worker has left, and forgets what can not be undone any more. */
@Injectable()
@OnTick({ order: 70 })
export class BulkTick implements TickTask {
  readonly name = 'reader-bulks';

  constructor(
    private readonly bulks: BulkRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    for (const bulkId of await this.bulks.due(now)) {
      // Who works on it holds its row: another job finds it held, and ends.
      await this.queue.enqueue('readers.bulk', { bulkId }, { dedupeKey: `bulk-${bulkId}` });
    }
    await this.bulks.forgetBefore(new Date(now.getTime() - UNDO_MS), FORGOTTEN);
  }
}
