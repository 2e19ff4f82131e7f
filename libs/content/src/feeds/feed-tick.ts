import { Injectable } from '@nestjs/common';
import { Database } from '#database/database.js';
import { Clock } from '#kernel/clock.js';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobQueue } from '#queue/jobs/job-queue.js';
import { OnTick, type TickTask } from '#queue/clock/tick.js';
import { FeedRepository } from './feed.repository.js';

/** Feeds enqueued by one tick; what is left is due in the next. */
const PER_TICK = 500;

/** Enqueues the feeds that are due. */
@Injectable()
@OnTick({ order: 60 })
export class FeedTick implements TickTask {
  readonly name = 'feeds';

  constructor(
    private readonly database: Database,
    private readonly feeds: FeedRepository,
    private readonly queue: JobQueue,
    private readonly clock: Clock,
  ) {}

  async run({ signal }: JobContext): Promise<void> {
    for (const feedId of await this.feeds.due(this.database.db, this.clock.now(), PER_TICK)) {
      if (signal.aborted) return;
      await this.queue.enqueue('feed.poll', { feedId }, { dedupeKey: `feed-${feedId}` });
    }
  }
}
