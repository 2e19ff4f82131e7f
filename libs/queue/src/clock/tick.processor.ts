import { Processor } from '@nestjs/bullmq';
import { DiscoveryService } from '@nestjs/core';
import { Log } from '#kernel/observing/logger.js';
import type { JobContext } from '../jobs/job-context.js';
import { JobProcessor } from '../jobs/job-processor.js';
import { RunningJobs } from '../jobs/running-jobs.js';
import { OnTick, type TickTask } from './tick.js';

/** The `tick` job: runs every task, each on its own, so that one that fails keeps none of the others from running. */
@Processor('clock', { concurrency: 1 })
export class TickProcessor extends JobProcessor<'tick'> {
  constructor(
    jobs: RunningJobs,
    private readonly discovery: DiscoveryService,
    private readonly log: Log,
  ) {
    super('tick', jobs);
  }

  override async handle(_payload: Record<string, never>, context: JobContext): Promise<void> {
    for (const task of this.tasks()) {
      if (context.signal.aborted) return;
      try {
        await task.run(context);
      } catch (error) {
        this.log.error('a part of the tick failed; it runs again in a minute', error, { task: task.name });
      }
    }
  }

  private tasks(): TickTask[] {
    return this.discovery
      .getProviders({ metadataKey: OnTick.KEY })
      .map((wrapper) => ({
        task: wrapper.instance as TickTask,
        order: this.discovery.getMetadataByDecorator(OnTick, wrapper)?.order ?? 100,
      }))
      .sort((a, b) => a.order - b.order)
      .map(({ task }) => task);
  }
}
