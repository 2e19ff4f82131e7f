import { DiscoveryService } from '@nestjs/core';
import type { JobContext } from '../jobs/job-context.js';

/** Something the tick repairs or moves on. Must be safe to run twice at once, in two processes. */
export interface TickTask {
  readonly name: string;
  run(context: JobContext): Promise<void>;
}

/** Marks a class whose `run` belongs to every tick. Lower order first. */
export const OnTick = DiscoveryService.createDecorator<{ order: number }>();
