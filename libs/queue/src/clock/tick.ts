import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Log } from '#kernel/observing/logger.js';
import { HandlesJob, type JobContext, type JobHandler } from '../jobs/job-handler.js';

/** Something the tick repairs or moves on. Must be safe to run twice at once, in two processes. */
export interface TickTask {
  readonly name: string;
  run(context: JobContext): Promise<void>;
}

/** Marks a class whose `run` belongs to every tick. Lower order first. */
export const OnTick = DiscoveryService.createDecorator<{ order: number }>();

/** The `tick` job: runs every task, each on its own, so that one that fails keeps none of the others from running. */
@Injectable()
@HandlesJob('tick')
export class TickHandler implements JobHandler<'tick'> {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly log: Log,
  ) {}

  async handle(_payload: Record<string, never>, context: JobContext): Promise<void> {
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
