import { Processor } from '@nestjs/bullmq';
import type { JobContext } from '#queue/jobs/job-context.js';
import { JobProcessor } from '#queue/jobs/job-processor.js';
import type { JobPayload } from '#queue/jobs/jobs.js';
import { RunningJobs } from '#queue/jobs/running-jobs.js';
import { FeedPoller } from './feed-poller.js';

/**
 * The `feed.poll` job. Three at once: a name that DNS is slow to find holds one of libuv's four threads, and one stays free for
 * files and compression.
 */
@Processor('feeds', { concurrency: 3 })
export class FeedPollProcessor extends JobProcessor<'feed.poll'> {
  constructor(
    jobs: RunningJobs,
    private readonly poller: FeedPoller,
  ) {
    super('feed.poll', jobs);
  }

  override async handle({ feedId }: JobPayload<'feed.poll'>, { signal }: JobContext): Promise<void> {
    await this.poller.poll(feedId, signal);
  }
}
